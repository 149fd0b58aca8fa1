using System.Buffers.Binary;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using BenchmarkDotNet.Attributes;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.Microbenchmarks.State;

/// <summary>Finds a service by its virtual address, and a workload by its own, in a mesh of that many of each; another address each time.</summary>
[MemoryDiagnoser]
public class AddressLookupBenchmarks
{
    private const uint FirstVip = 0x0A60_0000;
    private const uint FirstPod = 0x0B00_0000;
    private const int Sampled = 1_024;

    /// <summary>Coprime to every size, so that the sample is spread over all services.</summary>
    private const int Stride = 7_919;

    private readonly MeshIp[] _known = new MeshIp[Sampled];
    private readonly MeshIp[] _pods = new MeshIp[Sampled];
    private readonly MeshIp _unknown = Ip("192.0.2.1");
    private MeshSnapshot _snapshot = null!;
    private int _next;

    [Params(100, 20_000, 200_000)]
    public int Services { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        MeshSnapshotBuilder builder = new();
        PortMap ports = PortMap.Of(80, 8080);
        for (int i = 0; i < Services; i++)
        {
            builder.UpsertService(new Service
            {
                Name = $"s{i}",
                Namespace = "shop",
                Hostname = $"s{i}.shop.svc.cluster.local",
                Vips = [new NetworkAddress(string.Empty, AddressOf(FirstVip, i))],
                Ports = ports,
            });
            builder.UpsertWorkload(Pod($"p{i}", AddressOf(FirstPod, i).ToString()));
        }

        _snapshot = builder.Build();
        for (int i = 0; i < Sampled; i++)
        {
            int index = (int)((long)i * Stride % Services);
            _known[i] = AddressOf(FirstVip, index);
            _pods[i] = AddressOf(FirstPod, index);
        }
    }

    [Benchmark]
    public object Find() => _snapshot.FindServiceByVip(string.Empty, _known[_next++ & (Sampled - 1)], "shop")!;

    [Benchmark]
    public object FindWorkload() => _snapshot.FindWorkload(string.Empty, _pods[_next++ & (Sampled - 1)])!;

    [Benchmark]
    public object? Miss() => _snapshot.FindServiceByVip(string.Empty, _unknown, "shop");

    private static MeshIp AddressOf(uint first, int index)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, first + (uint)index);
        return MeshIp.TryFromBytes(bytes, out MeshIp vip) ? vip : throw new InvalidOperationException("four bytes are an address");
    }
}
