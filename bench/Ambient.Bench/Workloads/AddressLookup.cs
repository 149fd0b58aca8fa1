using System.Buffers.Binary;
using System.Diagnostics;
using Ambient.Lab.Benchmarking.Statistics;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;

namespace Ambient.Bench.Workloads;

/// <summary>How long it takes to find a service by its virtual address, in this process, with the code that ztunnel has.</summary>
internal static class AddressLookup
{
    private const uint FirstVip = 0x0A60_0000;
    private const int Sampled = 1_024;

    /// <summary>Coprime to every size, so that the sample is spread over all services.</summary>
    private const int Stride = 7_919;
    private const int Lookups = 500_000;
    private const int Rounds = 15;

    /// <summary>Of one lookup, the median of the rounds; another address each time.</summary>
    public static double MedianNanoseconds(int services)
    {
        MeshSnapshotBuilder builder = new();
        PortMap ports = PortMap.Of(80, 8080);
        for (int index = 0; index < services; index++)
        {
            builder.UpsertService(new Service
            {
                Name = $"s{index}",
                Namespace = "shop",
                Hostname = $"s{index}.shop.svc.cluster.local",
                Vips = [new NetworkAddress(string.Empty, VipOf(index))],
                Ports = ports,
            });
        }

        MeshSnapshot snapshot = builder.Build();
        MeshIp[] vips = [.. Enumerable.Range(0, Sampled).Select(index => VipOf((int)((long)index * Stride % services)))];
        _ = Round(snapshot, vips);
        return Sample.Median(Enumerable.Range(0, Rounds).Select(_ => Round(snapshot, vips)));
    }

    private static double Round(MeshSnapshot snapshot, MeshIp[] vips)
    {
        long began = Stopwatch.GetTimestamp();
        for (int lookup = 0; lookup < Lookups; lookup++)
        {
            if (snapshot.FindServiceByVip(string.Empty, vips[lookup % Sampled], "shop") is null)
            {
                throw new InvalidOperationException("a service is not found by its address");
            }
        }

        return Stopwatch.GetElapsedTime(began).TotalNanoseconds / Lookups;
    }

    private static MeshIp VipOf(int index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, FirstVip + (uint)index);
        return MeshIp.TryFromBytes(bytes, out MeshIp vip) ? vip : throw new InvalidOperationException("four bytes are an address");
    }
}
