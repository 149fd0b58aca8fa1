using System.Buffers;
using Ambient.Bench.Cluster;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.UnitTests.Bench.Cluster;

public sealed class ArrivalTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(7)]
    public void A_scan_finds_the_pods_of_a_response_and_what_its_answer_must_name(int blockBytes)
    {
        DeltaDiscoveryResponse response = new() { TypeUrl = XdsTypes.Address, Nonce = "17" };
        response.Resources.Add(Resource("Kubernetes//Pod/team-1/application-3-5f6d7c8b93-0000042"));
        response.Resources.Add(Resource("team-1/application-3.team-1.svc.cluster.local"));
        response.Resources.Add(Resource("Kubernetes//Pod/team-9/application-900-5f6d7c8b90-0199999"));
        List<int> pods = [];

        ScannedResponse scanned = ArrivalScan.Scan(Cut(response.ToByteArray(), blockBytes), pods.Add);

        Assert.Equal(new ScannedResponse(XdsTypes.Address, "17", 3), scanned);
        Assert.Equal([42, 199_999], pods);
    }

    [Fact]
    public void A_change_has_arrived_when_the_last_node_has_it_however_often_the_first_gets_it()
    {
        ArrivalTable table = new([5, 9], nodes: 2);

        table.Arrived(5, node: 0);
        table.Arrived(5, node: 0);
        table.Arrived(7, node: 1);
        Assert.Equal(3, table.Missing);
        table.Arrived(9, node: 0);
        table.Arrived(9, node: 1);
        table.Arrived(5, node: 1);

        Assert.Equal(0, table.Missing);
        Assert.True(table.LastOf(0) >= table.LastOf(1));
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1000.5, true)]
    [InlineData(double.NaN, true)]
    public void A_figure_above_its_limit_or_without_a_value_is_missed(double value, bool isMissed)
    {
        ClusterFigure figure = new("c1-propagation", "p99_ms", value, Limit: 1000);

        Assert.Equal(isMissed, figure.IsMissed);
        Assert.Equal(isMissed, ControlPlaneRun.Write([figure]).Contains("MISSED", StringComparison.Ordinal));
    }

    private static Resource Resource(string name) => new()
    {
        Name = name,
        Version = "1",
        Resource_ = new Any { TypeUrl = XdsTypes.Address, Value = ByteString.CopyFromUtf8("Kubernetes//Pod/x/y-0000001") },
    };

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int blockBytes)
    {
        Block first = new(bytes.AsMemory(0, Math.Min(blockBytes, bytes.Length)), 0);
        Block last = first;
        for (int at = last.Memory.Length; at < bytes.Length; at += last.Memory.Length)
        {
            last = last.Append(bytes.AsMemory(at, Math.Min(blockBytes, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Block : ReadOnlySequenceSegment<byte>
    {
        public Block(ReadOnlyMemory<byte> memory, long at)
        {
            Memory = memory;
            RunningIndex = at;
        }

        public Block Append(ReadOnlyMemory<byte> memory)
        {
            Block next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
