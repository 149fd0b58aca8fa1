using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Core;
using Ambient.Mesh.Addresses;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>Takes from a pod what translation needs of it (control-plane-and-cni 5.4), and lets go of the rest.</summary>
internal sealed class PodReading
{
    private readonly SharedValues<PortNames> _ports = new();
    private readonly SharedValues<string> _names = new();

    public PodSource Read(NamespaceState home, Pod pod)
    {
        ImmutableArray<MeshIp> addresses = Addresses(pod, out string? invalid);
        return new PodSource
        {
            Home = home,
            Name = pod.Metadata.Name,
            Uid = pod.Metadata.Uid,
            Node = _names.Share(pod.Spec.NodeName),
            ServiceAccount = _names.Share(pod.Spec.ServiceAccountName),
            WorkloadName = _names.Share(WorkloadNames.Of(pod)),
            Addresses = addresses,
            Ports = _ports.Share(PortNames.Of(pod.Spec)),
            Flags = FlagsOf(pod),
            InvalidAddress = invalid,
        };
    }

    private static ImmutableArray<MeshIp> Addresses(Pod pod, out string? invalid)
    {
        invalid = null;
        ImmutableArray<MeshIp>.Builder addresses = ImmutableArray.CreateBuilder<MeshIp>();
        IEnumerable<string> texts = pod.Status.PodIPs.IsEmpty ? [pod.Status.PodIP] : pod.Status.PodIPs.Select(address => address.IP);
        foreach (string text in texts.Where(text => text.Length > 0))
        {
            if (!MeshIp.TryParse(text, out MeshIp ip))
            {
                invalid = text;
            }
            else if (!addresses.Contains(ip))
            {
                addresses.Add(ip);
            }
        }

        return addresses.DrainToImmutable();
    }

    private static PodFlags FlagsOf(Pod pod)
    {
        bool ready = pod.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" });
        PodFlags flags = pod.Status.Phase is "Succeeded" or "Failed" ? PodFlags.Ended : PodFlags.None;
        flags |= ready && pod.Metadata.DeletionTimestamp is null ? PodFlags.Healthy : PodFlags.None;
        flags |= pod.Spec.HostNetwork ? PodFlags.HostNetwork : PodFlags.None;
        return flags | (TunnelProtocols.IsRedirected(pod.Metadata.Annotations) ? PodFlags.Redirected : PodFlags.None);
    }
}
