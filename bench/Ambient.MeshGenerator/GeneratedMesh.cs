using System.Buffers.Binary;
using System.Globalization;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.MeshGenerator;

/// <summary>
/// A mesh as a control plane would describe it: ten workloads to a service, a thousand namespaces and nodes, names as long as real ones. The
/// benchmark's own two pods come first.
/// </summary>
internal sealed class GeneratedMesh(int workloads, OwnPods own)
{
    private const int WorkloadsPerService = 10;
    private const int Namespaces = 1000;
    private const int Nodes = 1000;
    private const uint FirstPodAddress = 0x0b000000;
    private const uint FirstServiceAddress = 0xac000000;

    public int Workloads => workloads;

    public IEnumerable<Resource> Addresses() =>
        own.Addresses().Concat(Enumerable.Range(0, workloads / WorkloadsPerService).Select(Service))
            .Concat(Enumerable.Range(0, workloads).Select(index => Workload(index, version: 0)));

    /// <summary>A workload in one of its versions; they differ in health and revision.</summary>
    public static Resource Workload(int index, int version)
    {
        int service = index / WorkloadsPerService;
        string ns = NamespaceOf(service);
        string name = string.Create(CultureInfo.InvariantCulture, $"application-{service}-5f6d7c8b9{service % 10}-{(uint)index * 2654435761u:x8}");
        WorkloadMessage workload = new()
        {
            Uid = $"Kubernetes//Pod/{ns}/{name}",
            Name = name,
            Namespace = ns,
            Addresses = { Ip(FirstPodAddress + (uint)index) },
            TunnelProtocol = TunnelProtocolValue.TunnelProtocolHbone,
            ServiceAccount = string.Create(CultureInfo.InvariantCulture, $"application-{service}"),
            Node = string.Create(CultureInfo.InvariantCulture, $"node-{index % Nodes}.region-1.compute.internal"),
            CanonicalName = string.Create(CultureInfo.InvariantCulture, $"application-{service}"),
            CanonicalRevision = version == 0 ? "latest" : string.Create(CultureInfo.InvariantCulture, $"v{version}"),
            WorkloadName = string.Create(CultureInfo.InvariantCulture, $"application-{service}"),
            Status = version % 2 == 0 ? WorkloadStatusValue.WorkloadStatusHealthy : WorkloadStatusValue.WorkloadStatusUnhealthy,
            ClusterId = "Kubernetes",
            Locality = new LocalityMessage { Region = "region-1", Zone = $"region-1{(char)('a' + (index % 3))}" },
            Services = { [$"{ns}/{HostnameOf(service)}"] = Ports() },
        };
        return Wrap(new Address { Workload = workload }, workload.Uid, string.Create(CultureInfo.InvariantCulture, $"{(ulong)index * 11400714819323198485u + (ulong)version:x16}"));
    }

    private static Resource Service(int service)
    {
        string ns = NamespaceOf(service);
        ServiceMessage message = new()
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"application-{service}"),
            Namespace = ns,
            Hostname = HostnameOf(service),
            Addresses = { new NetworkAddressMessage { Address = Ip(FirstServiceAddress + (uint)service) } },
            SubjectAltNames = { string.Create(CultureInfo.InvariantCulture, $"spiffe://cluster.local/ns/{ns}/sa/application-{service}") },
            Canonical = true,
        };
        message.Ports.AddRange(Ports().Ports);
        return Wrap(new Address { Service = message }, $"{ns}/{message.Hostname}", "1");
    }

    private static PortList Ports() => new()
    {
        Ports = { new Port { ServicePort = 80, TargetPort = 8080 }, new Port { ServicePort = 9090, TargetPort = 9090 } },
    };

    private static string NamespaceOf(int service) => string.Create(CultureInfo.InvariantCulture, $"team-{service % Namespaces}");

    private static string HostnameOf(int service) =>
        string.Create(CultureInfo.InvariantCulture, $"application-{service}.{NamespaceOf(service)}.svc.cluster.local");

    private static ByteString Ip(uint address)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return ByteString.CopyFrom(bytes);
    }

    private static Resource Wrap(Address address, string name, string version) =>
        new() { Name = name, Version = version, Resource_ = new Any { TypeUrl = XdsTypes.Address, Value = address.ToByteString() } };
}
