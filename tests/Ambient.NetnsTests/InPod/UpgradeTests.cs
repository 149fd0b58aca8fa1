using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.Upgrades;
using Ambient.NetnsTests.Lab;
using Ambient.Testing;
using Xunit.Abstractions;

namespace Ambient.NetnsTests.InPod;

/// <summary>A rolling upgrade of both nodes under load (node-proxy 10.2, 10.3): the server's node first, then the client's.</summary>
[Collection(TimedCollection.Name)]
public sealed class UpgradeTests(RollingUpgrade upgrade, ITestOutputHelper output) : IClassFixture<RollingUpgrade>
{
    /// <summary>What a lab gives its ztunnels: a grace period of 3 s less one.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    [RootFact]
    public void No_connection_that_ends_within_the_drain_time_is_lost()
    {
        Assert.Empty(upgrade.Left);
        Assert.NotEmpty(upgrade.Loads);
        foreach (HttpLoadResult result in upgrade.Loads)
        {
            output.WriteLine($"{result.AllOperations} connections, {result.Errors} errors {result.FirstError}");
            Assert.Equal((200, 0L), (result.Status, result.Errors));
        }
    }

    [RootFact]
    public void Connections_opened_before_it_end_well_with_every_byte()
    {
        Assert.Equal(2, upgrade.Nodes.Count);
        foreach (UpgradeResult node in upgrade.Nodes)
        {
            output.WriteLine($"{node.Node}: {node.Kept}");
            Assert.Equal((8, 8), (node.Long, node.LongKept));
            Assert.True(node.LongBytes > node.Long * 128 * 1024, node.Kept);
            Assert.Equal((node.Short, ""), (node.ShortAnswered, node.ShortError));
            Assert.True(node.Short > 10, node.Kept);
        }
    }

    [RootFact]
    public void A_large_download_goes_on_across_it()
    {
        Assert.Equal(2, upgrade.Nodes.Count);
        Assert.All(upgrade.Nodes, node => Assert.Equal((96L << 20, ""), (node.DownloadBytes, node.DownloadError)));
    }

    [RootFact]
    public void Connections_longer_than_the_drain_are_cut_at_its_end_and_named_so_in_the_log()
    {
        Assert.Equal(2, upgrade.Nodes.Count);
        foreach (UpgradeResult node in upgrade.Nodes)
        {
            output.WriteLine($"{node.Node}: {node.Cut}");
            Assert.Equal((2, 2, 2), (node.Overlong, node.OverlongCut, node.OverlongNamed));
            Assert.InRange(node.CutAfter, DrainTime, DrainTime * 4);
        }
    }
}
