using System.Diagnostics;
using Ambient.Lab;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Testing;
using Ambient.Testing.Lab;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.Lab;

/// <summary>A plain lab, without mesh: what comes up, and that all of it goes away.</summary>
public sealed class LabLifeTests
{
    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pods_of_different_nodes_reach_one_another(bool ipv6)
    {
        await using var folder = new LabFolder();
        RunningLab lab = await BuildAsync(folder, folder.NewName());

        string answer = await CurlAsync(lab, DefaultLab.Curl, $"http://{HostOf(lab, DefaultLab.Web, ipv6)}:{DefaultLab.WebPort}/");

        Assert.Equal($"hello from web, you are {lab.Plan.Pod(DefaultLab.Curl).Address(ipv6)}\n", answer);
    }

    [RootFact]
    public async Task Two_labs_live_side_by_side_and_go_one_by_one()
    {
        await using var folder = new LabFolder();
        (string first, string second) = (folder.NewName(), folder.NewName());
        RunningLab one = await BuildAsync(folder, first);
        RunningLab two = await BuildAsync(folder, second);
        string url = $"http://{HostOf(two, DefaultLab.Web, ipv6: false)}:{DefaultLab.WebPort}/";

        Assert.NotEqual(one.Plan.Subnet, two.Plan.Subnet);
        Assert.True(await new LabRemover(folder.Options).RemoveAsync(first, CancellationToken.None));
        Assert.StartsWith("hello from web", await CurlAsync(two, DefaultLab.Curl, url), StringComparison.Ordinal);

        Assert.True(await new LabRemover(folder.Options).RemoveAsync(second, CancellationToken.None));
        Assert.Empty(LabLeftovers.Find(folder.Root, first));
        Assert.Empty(LabLeftovers.Find(folder.Root, second));
    }

    [RootFact]
    public async Task A_lab_whose_name_begins_like_another_is_left_alone()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        string longer = $"{name}-more";
        await BuildAsync(folder, name);
        RunningLab other = await BuildAsync(folder, longer);
        try
        {
            await new LabRemover(folder.Options).RemoveAsync(name, CancellationToken.None);

            Assert.All(other.State.Processes, process => Assert.True(ProcessTable.IsAlive(process)));
            Assert.Equal(other.Plan.Namespaces.Order(StringComparer.Ordinal), NamespaceFiles.Find(LabPlan.PrefixOf(longer)));
        }
        finally
        {
            await new LabRemover(folder.Options).RemoveAsync(longer, CancellationToken.None);
        }
    }

    [RootFact]
    public async Task A_name_that_is_taken_is_refused_and_the_lab_that_has_it_stays()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        RunningLab lab = await BuildAsync(folder, name);

        LabException refusal = await Assert.ThrowsAsync<LabException>(() => BuildAsync(folder, name));

        Assert.Contains($"lab down --name {name}", refusal.NextStep, StringComparison.Ordinal);
        Assert.All(lab.State.Processes, process => Assert.True(ProcessTable.IsAlive(process)));
    }

    [RootFact]
    public async Task Removing_can_be_repeated_and_says_when_there_was_nothing()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        await BuildAsync(folder, name);

        Assert.True(await new LabRemover(folder.Options).RemoveAsync(name, CancellationToken.None));
        Assert.False(await new LabRemover(folder.Options).RemoveAsync(name, CancellationToken.None));
    }

    [RootFact]
    public async Task A_lab_without_its_records_is_removed_by_its_name()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        RunningLab lab = await BuildAsync(folder, name);
        File.Delete(lab.Directory.StateFile);

        Assert.True(await new LabRemover(folder.Options).RemoveAsync(name, CancellationToken.None));

        Assert.Empty(LabLeftovers.Find(folder.Root, name));
    }

    [RootFact]
    public async Task A_process_that_got_the_number_of_a_former_one_is_left_alone()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        using Process bystander = Command.Start("sleep", "600");
        var store = new LabStore(new LabDirectory(folder.Root, name));
        store.Create(new LabState(name, LabPhase.Up)
        {
            Processes = [new ProcessRecord(ProcessRole.Workload, "web", bystander.Id, ProcessTable.FindStartTime(bystander.Id)!.Value - 1)],
        });

        await new LabRemover(folder.Options).RemoveAsync(name, CancellationToken.None);

        Assert.False(bystander.HasExited);
        bystander.Kill();
    }

    [RootFact]
    public async Task What_exec_left_running_in_a_pod_ends_with_the_lab()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        RunningLab lab = await BuildAsync(folder, name);
        using Process stray = Command.Start("nsenter", $"--net={lab.Plan.Pod(DefaultLab.Curl).NamespacePath}", "sleep", "600");

        await new LabRemover(folder.Options).RemoveAsync(name, CancellationToken.None);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await stray.WaitForExitAsync(limit.Token);
        Assert.Empty(LabLeftovers.Find(folder.Root, name));
    }

    [RootFact]
    public async Task Nothing_of_a_lab_is_in_the_machines_own_namespace()
    {
        string before = await Command.RunAsync("ip", "-o", "link", "show");
        await using var folder = new LabFolder();
        RunningLab lab = await BuildAsync(folder, folder.NewName());

        string after = await Command.RunAsync("ip", "-o", "addr", "show");

        Assert.DoesNotContain("br0", before, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Plan.Pod(DefaultLab.Web).V4.ToString(), after, StringComparison.Ordinal);
        Assert.DoesNotContain("to-node-", after, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Status_tells_addresses_and_processes()
    {
        await using var folder = new LabFolder();
        string name = folder.NewName();
        RunningLab lab = await BuildAsync(folder, name);

        IReadOnlyList<string>? lines = await LabStatus.DescribeAsync(lab.Directory, CancellationToken.None);

        string web = Assert.Single(lines!, line => line.StartsWith("demo/web ", StringComparison.Ordinal));
        Assert.Contains(lab.Plan.Pod(DefaultLab.Web).V6.ToString(), web, StringComparison.Ordinal);
        Assert.Contains($"{lab.State.Processes.Single(process => process.Owner == DefaultLab.Web).Id}", web, StringComparison.Ordinal);
        Assert.Null(await LabStatus.DescribeAsync(new LabDirectory(folder.Root, "no-such-lab"), CancellationToken.None));
    }

    private static Task<RunningLab> BuildAsync(LabFolder folder, string name) =>
        new LabBuilder(folder.Options).BuildAsync(DefaultLab.Build(name), CancellationToken.None);

    private static string HostOf(RunningLab lab, string pod, bool ipv6)
    {
        string address = lab.Plan.Pod(pod).Address(ipv6).ToString();
        return ipv6 ? $"[{address}]" : address;
    }

    private static Task<string> CurlAsync(RunningLab lab, string pod, string url) => Command.RunAsync(
        "nsenter", $"--net={lab.Plan.Pod(pod).NamespacePath}", "curl", "-qgsS", "--noproxy", "*", "--max-time", "5", url);
}
