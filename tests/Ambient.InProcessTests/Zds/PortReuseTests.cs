using Ambient.Testing;
using Ambient.Testing.Namespaces;
using static Ambient.Testing.Zds.ZdsRequests;

namespace Ambient.InProcessTests.Zds;

/// <summary>INPOD_PORT_REUSE (node-proxy 6.5, 9.8): whether two generations of the proxy can serve one pod.</summary>
public sealed class PortReuseTests
{
    [RootTheory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task A_second_generation_can_listen_unless_it_is_forbidden(string reuse, bool isShared)
    {
        await using ZdsRig first = await ZdsRig.StartAsync(("INPOD_PORT_REUSE", reuse));
        await using ZdsRig second = await ZdsRig.StartAsync(("INPOD_PORT_REUSE", reuse));
        TestNamespace pod = await first.NewPodAsync();
        Assert.Equal("", await first.Agent.AskAsync(Add("u1"), pod.Path));
        int[] ports = ZdsRig.PortsIn(pod);

        string answer = await second.Agent.AskAsync(Add("u1"), pod.Path);

        Assert.Equal(isShared, answer.Length == 0);
        Assert.Equal(isShared ? [.. ports.Concat(ports).Order()] : ports, ZdsRig.PortsIn(pod));
    }
}
