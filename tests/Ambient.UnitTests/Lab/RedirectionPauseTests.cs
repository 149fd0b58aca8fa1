using Ambient.Lab;
using Ambient.Lab.Benchmarking;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Redirection;

namespace Ambient.UnitTests.Lab;

/// <summary>That the state file names a pod before its redirection is touched.</summary>
public sealed class RedirectionPauseTests : IDisposable, IPodRedirector
{
    private readonly LabDirectory _directory = new(Directory.CreateTempSubdirectory("ambient-pause-").FullName, "pause");
    private readonly LabStore _store;
    private readonly List<string> _seenAtRemoval = [];
    private RedirectionFailure? _failure;

    public RedirectionPauseTests()
    {
        _store = new LabStore(_directory);
        _store.Create(LabRecords.Build(LabPlan.Build(DefaultLab.Build("pause"), new LabSubnet(0))));
    }

    public string Mode => "scripted";

    public void Dispose()
    {
        if (Directory.Exists(_directory.Root))
        {
            Directory.Delete(_directory.Root, recursive: true);
        }
    }

    public Task<RedirectionFailure?> ApplyAsync(string networkNamespace, PodRedirectionSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult(_failure);

    public Task<RedirectionFailure?> RemoveAsync(string networkNamespace, CancellationToken cancellationToken)
    {
        _seenAtRemoval.AddRange(new LabStore(_directory).Load()!.PausedPods);
        return Task.FromResult(_failure);
    }

    [Fact]
    public async Task The_pod_is_written_down_before_redirection_is_taken_away()
    {
        await Begin();

        Assert.Equal([DefaultLab.Curl], _seenAtRemoval);
    }

    [Fact]
    public async Task A_removal_that_failed_half_way_stays_written_down()
    {
        _failure = new RedirectionFailure("packet rules", "no reason", "none");

        await Assert.ThrowsAsync<LabException>(Begin);

        Assert.Equal([DefaultLab.Curl], new LabStore(_directory).Load()!.PausedPods);
    }

    [Fact]
    public async Task Another_process_finds_it_and_what_changed_meanwhile_is_kept()
    {
        await Begin();
        _store.Load();
        _store.Update(state => state with { Phase = LabPhase.Stopping });

        Assert.Equal([DefaultLab.Curl], await Pause().EndAllAsync());

        LabState state = new LabStore(_directory).Load()!;
        Assert.Empty(state.PausedPods);
        Assert.Equal(LabPhase.Stopping, state.Phase);
        Assert.Empty(await Pause().EndAllAsync());
    }

    [Fact]
    public async Task With_the_lab_gone_nothing_is_taken_away_and_nothing_put_back()
    {
        _store.Delete();

        await Assert.ThrowsAsync<LabException>(Begin);

        Assert.Empty(_seenAtRemoval);
        Assert.Empty(await Pause().EndAllAsync());
    }

    private RedirectionPause Pause() => new(_directory, new PodRedirection(this));

    private Task Begin() => Pause().BeginAsync(_store.State.FindPod(DefaultLab.Curl)!, CancellationToken.None);
}
