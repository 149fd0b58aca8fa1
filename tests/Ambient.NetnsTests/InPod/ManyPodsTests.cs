using Ambient.Lab.Probes;
using Ambient.Lab.Programs;
using Ambient.Testing;
using Xunit.Abstractions;

namespace Ambient.NetnsTests.InPod;

/// <summary>The pods of a full node.</summary>
public sealed class ManyPodsTests(ITestOutputHelper output)
{
    [RootFact]
    public async Task Every_pod_of_a_full_node_is_served_and_leaves_nothing_behind()
    {
        const int Pods = 250;

        PodsProbeResult result = await new PodsProbe(ZtunnelProgram.Find(null), Pods).RunAsync(CancellationToken.None);
        output.WriteLine(result.ToString());

        Assert.Equal("", result.FirstError);
        Assert.InRange(result.Listeners, 3 * Pods, 10 * Pods);
        Assert.Equal((0, 0), (result.Listeners % Pods, result.ListenersLeft));
    }
}
