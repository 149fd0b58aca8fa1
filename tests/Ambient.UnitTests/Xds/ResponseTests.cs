using System.Buffers;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.UnitTests.Xds;

/// <summary>Whole responses: the batch rows of node-proxy 11.7, and bytes that nobody meant to send.</summary>
public sealed class ResponseTests
{
    private static readonly ServiceKey Web = new("shop", "web");

    private static Resource Endpoint(string uid, bool isHealthy = true) => ScriptedStream.Workload(new WorkloadMessage
    {
        Uid = uid,
        Namespace = "shop",
        Status = isHealthy ? WorkloadStatusValue.WorkloadStatusHealthy : WorkloadStatusValue.WorkloadStatusUnhealthy,
        Services = { ["shop/web"] = new PortList { Ports = { new Port { ServicePort = 80, TargetPort = 8080 } } } },
    });

    private static Resource WebService() => ScriptedStream.Service(new ServiceMessage { Namespace = "shop", Hostname = "web" });

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void One_push_attaches_all_endpoints_wherever_the_service_stands_in_it(int position)
    {
        MeshStore store = new(TimeProvider.System);
        int replacements = 0;
        store.Changed += _ => replacements++;
        List<Resource> push = [Endpoint("a"), Endpoint("b"), Endpoint("c"), Endpoint("d")];
        push.Insert(position, WebService());

        Assert.Null(Decode.Apply(store, push));

        Assert.Equal((4, 1), (store.Current.EndpointsOf(Web).Count, replacements));
    }

    [Fact]
    public void Unhealthy_endpoints_are_left_out_and_removed_ones_dropped()
    {
        MeshStore store = new(TimeProvider.System);
        Decode.Apply(store, [WebService(), Endpoint("a"), Endpoint("b", isHealthy: false), Endpoint("c")]);
        Assert.Equal(2, store.Current.EndpointsOf(Web).Count);

        Decode.Apply(store, [Endpoint("a", isHealthy: false)], "c");

        Assert.Equal(0, store.Current.EndpointsOf(Web).Count);
        Assert.Equal(2, store.Current.WorkloadCount);
    }

    [Fact]
    public void A_bad_resource_harms_no_other()
    {
        MeshStore store = new(TimeProvider.System);

        string? refusals = Decode.Apply(store, [Endpoint("a"), ScriptedStream.Garbage("bad"), WebService(), Endpoint("b")]);

        Assert.StartsWith("bad: ", refusals);
        Assert.Equal(2, store.Current.EndpointsOf(Web).Count);
    }

    [Fact]
    public void A_push_that_is_wrong_throughout_is_refused_with_examples()
    {
        MeshStore store = new(TimeProvider.System);

        string? refusals = Decode.Apply(store, Enumerable.Range(0, 500).Select(index => ScriptedStream.Garbage($"bad{index}")));

        Assert.EndsWith("; and 400 more", refusals);
    }

    [Fact]
    public void Equal_parts_of_workloads_are_one_object()
    {
        DeltaResponse response = Decode.Response(XdsTypes.Address, [Endpoint("a"), Endpoint("b")]);
        var first = (Workload)response.Resources[0].Content!;
        var second = (Workload)response.Resources[1].Content!;

        Assert.Same(first.Namespace, second.Namespace);
        Assert.Same(first.Services[0], second.Services[0]);
        Assert.Same(first.Uid, response.Resources[0].Name);
    }

    [Fact]
    public void Interned_values_that_are_not_seen_again_are_forgotten()
    {
        InternPool<string> pool = new();
        string kept = new('k', 3);
        var lost = new WeakReference(InternOnce(pool));
        for (int index = 0; index < 3 * InternPool<string>.GenerationSize; index++)
        {
            pool.Intern($"value {index}");
            Assert.Same(kept, pool.Intern(index == 0 ? kept : "kkk"));
        }

        GC.Collect();
        Assert.False(lost.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static string InternOnce(InternPool<string> pool) => pool.Intern(new string('l', 4));

    [Fact]
    public void Mutated_responses_are_decoded_or_refused_and_never_break_the_decoder()
    {
        DeltaDiscoveryResponse whole = new() { TypeUrl = XdsTypes.Address, Nonce = "n", RemovedResources = { "x", "y/z" } };
        whole.Resources.AddRange([Endpoint("a"), WebService(), ScriptedStream.Garbage("bad"), Endpoint("b", isHealthy: false)]);
        byte[] valid = whole.ToByteArray();
        ResourceDecoder decoder = new();
        int decoded = 0;
        for (int seed = 0; seed < 5_000; seed++)
        {
            byte[] mutated = Mutate(valid, seed);
            try
            {
                DeltaResponse response = DeltaResponse.Parse(Split(mutated, seed), decoder);
                Assert.All(response.Resources, resource => Assert.False(resource.Content is not null && resource.Refusal is not null));
                decoded++;
            }
            catch (FormatException)
            {
                Assert.False(mutated.AsSpan().SequenceEqual(valid));
            }
        }

        Assert.InRange(decoded, 1, 4_999);
    }

    private static byte[] Mutate(byte[] valid, int seed)
    {
        Random random = new(seed);
        byte[] bytes = [.. valid];
        for (int change = random.Next(4); change >= 0; change--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    // Messages arrive in blocks; a field may lie across two.
    private static ReadOnlySequence<byte> Split(byte[] bytes, int seed)
    {
        int middle = bytes.Length == 0 ? 0 : new Random(seed).Next(bytes.Length);
        Part first = new(bytes.AsMemory(0, middle), null);
        Part last = new(bytes.AsMemory(middle), first);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
