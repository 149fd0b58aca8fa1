using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Services;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Networking;
using Ambient.Mesh.Addresses;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>Workloads from pods, WorkloadEntries and the endpoints of ServiceEntries (control-plane-and-cni 5.4, 5.5).</summary>
/// <param name="network">The network of the cluster.</param>
internal sealed class WorkloadTranslation(TranslationOptions options, string network)
{
    private const string DefaultTrustDomain = "cluster.local";
    private const string UnixPrefix = "unix:";

    /// <summary>Whether an address says where to connect from another pod.</summary>
    public static bool IsReachable(string address) => address.Length > 0 && !address.StartsWith(UnixPrefix, StringComparison.Ordinal);

    public string PodUid(string home, string name) => $"{options.ClusterId}//Pod/{home}/{name}";

    public string EntryUid(string home, string name) => $"{options.ClusterId}/networking.istio.io/WorkloadEntry/{home}/{name}";

    public string InlineUid(ObjectKey entry, string address) =>
        $"{options.ClusterId}/networking.istio.io/ServiceEntry/{entry.Namespace}/{entry.Name}/{address}";

    /// <summary>A pod; null while there is nothing to connect to.</summary>
    /// <param name="locality">Where its node is.</param>
    /// <param name="sliced">Services that select nothing and have it among their endpoints.</param>
    public WorkloadMessage? Translate(PodSource pod, LocalityMessage? locality, IEnumerable<ServiceSource> sliced)
    {
        if (pod.Addresses.IsEmpty || (pod.Flags & PodFlags.Ended) != 0)
        {
            return null;
        }

        LabelGroup group = pod.Group!;
        WorkloadMessage workload = Start(PodUid(pod.Home.Name, pod.Name), pod.Home.Name, pod.Name, pod.ServiceAccount);
        workload.Addresses.AddRange(pod.Addresses.Select(AddressBytes.Of));
        workload.Network = network;
        workload.Node = pod.Node;
        workload.Locality = locality;
        workload.WorkloadName = pod.WorkloadName;
        workload.Status = (pod.Flags & PodFlags.Healthy) != 0 ? WorkloadStatusValue.WorkloadStatusHealthy : WorkloadStatusValue.WorkloadStatusUnhealthy;
        workload.NetworkMode = (pod.Flags & PodFlags.HostNetwork) != 0 ? NetworkModeValue.NetworkModeHostNetwork : NetworkModeValue.NetworkModeStandard;
        workload.ApplicationTunnel = group.Instance?.Tunnel;
        FinishFromLabels(workload, group, (pod.Flags & PodFlags.Redirected) != 0);
        IEnumerable<ServiceSource> selecting = group.Services.Where(service => service.IsKubernetes || options.ServiceEntriesSelectPods);
        Memberships.Add(workload, selecting.Concat(sliced), pod.Ports);
        return workload;
    }

    /// <summary>A WorkloadEntry; null when its address says nothing.</summary>
    public WorkloadMessage? Translate(EntrySource source)
    {
        string uid = EntryUid(source.Home.Name, source.Entry.Metadata.Name);
        bool redirected = TunnelProtocols.IsRedirected(source.Entry.Metadata.Annotations);
        WorkloadMessage? workload = Translate(source.Entry.Spec, uid, source.Entry.Metadata.Name, source.Group!, redirected);
        if (workload is not null)
        {
            Memberships.Add(workload, source.Group!.Services, PortNames.Of(source.Entry.Spec.Ports));
        }

        return workload;
    }

    /// <summary>An endpoint of a ServiceEntry, a member of that alone; null when nobody may see it or its address says nothing.</summary>
    public WorkloadMessage? Translate(InlineSource source)
    {
        ServiceSource owner = source.Owner;
        WorkloadMessage? workload = owner.Visibility == EntryVisibility.None
            ? null
            : Translate(source.Endpoint, InlineUid(owner.Key, source.Endpoint.Address), owner.Key.Name, source.Group!, redirected: false);
        if (workload is not null)
        {
            // A host that stands for itself is resolved and reached straight.
            workload.Waypoint = source.Host is null ? workload.Waypoint : null;
            Memberships.Add(workload, [owner], PortNames.Of(source.Endpoint.Ports), source.Host);
        }

        return workload;
    }

    private WorkloadMessage? Translate(
        WorkloadEntrySpec entry, string uid, string name, LabelGroup group, bool redirected)
    {
        if (!IsReachable(entry.Address))
        {
            return null;
        }

        WorkloadMessage workload = Start(uid, group.Home.Name, name, entry.ServiceAccount);
        if (MeshIp.TryParse(entry.Address, out MeshIp ip))
        {
            workload.Addresses.Add(AddressBytes.Of(ip));
        }
        else
        {
            workload.Hostname = entry.Address;
        }

        workload.Network = entry.Network.Length > 0 ? entry.Network : network;
        workload.Locality = LocalityOf(entry.Locality);
        workload.WorkloadName = group.Labels.Find(MeshLabels.WorkloadName) is { Length: > 0 } named ? named : name;
        workload.Capacity = entry.Weight == 0 ? null : entry.Weight;
        FinishFromLabels(workload, group, redirected);
        return workload;
    }

    private WorkloadMessage Start(string uid, string home, string name, string serviceAccount) => new()
    {
        Uid = uid,
        Namespace = home,
        Name = name,
        ServiceAccount = serviceAccount,
        TrustDomain = options.TrustDomain == DefaultTrustDomain ? "" : options.TrustDomain,
        ClusterId = options.ClusterId,
        WorkloadType = WorkloadTypeValue.WorkloadTypePod,
    };

    private static void FinishFromLabels(WorkloadMessage workload, LabelGroup group, bool redirected)
    {
        WorkloadNames.SetCanonical(workload, group.Labels);
        TunnelProtocols.Set(workload, group.Labels, redirected);
        workload.Waypoint = group.Waypoint.Address;
        workload.AuthorizationPolicies.AddRange(group.Policies);
    }

    private static LocalityMessage? LocalityOf(string text)
    {
        string[] parts = text.Split('/');
        return text.Length == 0 ? null : new LocalityMessage
        {
            Region = parts[0],
            Zone = parts.ElementAtOrDefault(1) ?? "",
            Subzone = parts.ElementAtOrDefault(2) ?? "",
        };
    }
}
