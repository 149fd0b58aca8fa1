using System.Buffers.Binary;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using BenchmarkDotNet.Attributes;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.Microbenchmarks.State;

/// <summary>Finds a service by its virtual address in a mesh of that many services; another address each time.</summary>
[MemoryDiagnoser]
public class AddressLookupBenchmarks
{
    private const uint FirstVip = 0x0A60_0000;
    private const int Sampled = 1_024;

    /// <summary>Coprime to every size, so that the sample is spread over all services.</summary>
    private const int Stride = 7_919;

    private readonly MeshIp[] _known = new MeshIp[Sampled];
    private readonly MeshIp _unknown = Ip("192.0.2.1");
    private MeshSnapshot _snapshot = null!;
    private int _next;

    [Params(100, 10_000, 200_000)]
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
                Vips = [new NetworkAddress(string.Empty, VipOf(i))],
                Ports = ports,
            });
        }

        _snapshot = builder.Build();
        for (int i = 0; i < Sampled; i++)
        {
            _known[i] = VipOf((int)((long)i * Stride % Services));
        }
    }

    [Benchmark]
    public object Find() => _snapshot.FindServiceByVip(string.Empty, _known[_next++ & (Sampled - 1)], "shop")!;

    [Benchmark]
    public object? Miss() => _snapshot.FindServiceByVip(string.Empty, _unknown, "shop");

    private static MeshIp VipOf(int index)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, FirstVip + (uint)index);
        return MeshIp.TryFromBytes(bytes, out MeshIp vip) ? vip : throw new InvalidOperationException("four bytes are an address");
    }
}
