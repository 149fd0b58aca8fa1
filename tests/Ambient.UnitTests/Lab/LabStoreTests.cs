using Ambient.Lab;
using Ambient.Lab.Processes;
using Ambient.Lab.State;

namespace Ambient.UnitTests.Lab;

public sealed class LabStoreTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"ambient-store-{Guid.NewGuid():N}", "lab");

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(_root)))
        {
            Directory.Delete(Path.GetDirectoryName(_root)!, recursive: true);
        }
    }

    [Fact]
    public void Reads_what_it_wrote()
    {
        LabStore store = Create("one");
        store.Update(state => state with { Processes = [new ProcessRecord(ProcessRole.Ztunnel, "node-a", 12, 34)] });

        LabState? read = Open("one").Load();

        Assert.Equal(new ProcessRecord(ProcessRole.Ztunnel, "node-a", 12, 34), Assert.Single(read!.Processes));
        Assert.Equal(LabPhase.Starting, read.Phase);
    }

    [Fact]
    public void Gives_a_name_to_one_caller_only()
    {
        Create("one");

        Assert.Contains("up already", Assert.Throws<LabException>(() => Create("one")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_each_lab_another_subnet_and_takes_it_back()
    {
        (LabStore one, LabStore two) = (Create("one"), Create("two"));

        Assert.Equal((0, 1), (one.ClaimSubnet().Number, two.ClaimSubnet().Number));
        one.Delete();

        Assert.Equal(0, Create("three").ClaimSubnet().Number);
    }

    [Fact]
    public void Deletes_all_of_a_lab_and_nothing_of_another()
    {
        (LabStore one, LabStore two) = (Create("one"), Create("two"));
        one.ClaimSubnet();
        two.ClaimSubnet();
        Directory.CreateDirectory(one.Directory.PodDirectory("web"));
        File.WriteAllText(one.Directory.PodLog("web"), "x");

        one.Delete();

        Assert.Equal(["two"], LabStore.FindLabs(_root));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_root).Count());
        two.Delete();
        Assert.False(Directory.Exists(_root));
    }

    [Fact]
    public void A_link_inside_a_lab_is_removed_without_following_it()
    {
        LabStore one = Create("one");
        string outside = Path.Combine(Path.GetDirectoryName(_root)!, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "kept"), "x");
        Directory.CreateSymbolicLink(Path.Combine(one.Directory.Path, "link"), outside);

        one.Delete();

        Assert.True(File.Exists(Path.Combine(outside, "kept")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"name\": \"on")]
    public void A_file_cut_short_reads_as_no_state(string text)
    {
        LabStore one = Create("one");
        File.WriteAllText(one.Directory.StateFile, text);

        Assert.Null(one.Load());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void A_name_cannot_lead_out_of_the_root(string name) => Assert.Throws<LabException>(() => new LabDirectory(_root, name));

    private LabStore Create(string name)
    {
        LabStore store = Open(name);
        store.Create(new LabState(name, LabPhase.Starting));
        return store;
    }

    private LabStore Open(string name) => new(new LabDirectory(_root, name));
}
