using Ambient.Testing;
using Ambient.Testing.Namespaces;
using static Ambient.Testing.Zds.ZdsRequests;

namespace Ambient.InProcessTests.Zds;

/// <summary>Conversations of nodes with settings of their own.</summary>
public sealed class ZdsSettingsTests
{
    [RootFact]
    public async Task With_dns_alone_a_pod_has_the_listener_of_dns_alone()
    {
        await using ZdsRig rig = await ZdsRig.StartAsync(("ENABLE_PROXY", "false"));
        TestNamespace pod = await rig.NewPodAsync();

        Assert.Equal("", await rig.Agent.AskAsync(Add("u1"), pod.Path));
        Assert.Equal([15053], ZdsRig.PortsIn(pod));
        await rig.Agent.AskAsync(Snapshot);
        await rig.WaitUntilAsync(async () => await rig.ReadinessAsync() == "ready", "ready");
    }

    [RootFact]
    public async Task The_rehearsal_before_the_first_pod_works_and_is_seen_by_nobody()
    {
        await using ZdsRig rig = await ZdsRig.StartAsync(("RUST_LOG", "debug"));

        Assert.Equal((0, 0, 0, 0), await rig.CountsAsync());
        await rig.Node.Log.WaitForAsync("connected to the node agent");
        Assert.DoesNotContain("rehears", rig.Node.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("component=\"outbound\"", rig.Node.Log.Text, StringComparison.Ordinal);
    }
}
