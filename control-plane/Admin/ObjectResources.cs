using System.Buffers;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.Mesh.Services;
using Ambient.Xds;
using Ambient.Xds.Decoding;

namespace Ambient.ControlPlane.Admin;

/// <summary>Finds the resources that carry an object, by the names they are given (control-plane-and-cni 5.3).</summary>
public sealed class ObjectResources(ResourceCache cache, string clusterId, string clusterDomain)
{
    private const string ConvertedPeer = "converted_peer_authentication_";

    /// <summary>Empty where an object changes the resources of others alone, or none.</summary>
    public IReadOnlyList<PublishedResource> Of(ObjectKey key) => key.Kind switch
    {
        ObjectKind.Pod => Addresses($"{clusterId}//Pod/{key.Namespace}/{key.Name}"),
        ObjectKind.WorkloadEntry => Addresses($"{clusterId}/networking.istio.io/WorkloadEntry/{key.Namespace}/{key.Name}"),
        ObjectKind.Service => Addresses($"{key.Namespace}/{key.Name}.{key.Namespace}.svc.{clusterDomain}"),
        ObjectKind.ServiceEntry => [.. All(cache.Addresses).Where(resource => IsOfEntry(resource, key))],
        ObjectKind.EndpointSlice => [.. WithPrefix($"{clusterId}/discovery.k8s.io/EndpointSlice/{key.Namespace}/{key.Name}/")],
        ObjectKind.AuthorizationPolicy => Authorizations($"{key.Namespace}/{key.Name}"),
        ObjectKind.PeerAuthentication => Authorizations($"{key.Namespace}/{ConvertedPeer}{key.Name}"),
        ObjectKind.Gateway => Authorizations($"{key.Namespace}/istio_allow_waypoint_{key.Namespace}_{key.Name}"),
        _ => [],
    };

    /// <summary>Everything that is there now.</summary>
    internal static IEnumerable<PublishedResource> All(ResourceLog log)
    {
        LogReader reader = log.Join();
        try
        {
            return log.Read(reader);
        }
        finally
        {
            log.Leave(reader);
        }
    }

    private IReadOnlyList<PublishedResource> Addresses(string name) => cache.Addresses.Find(name) is { } found ? [found] : [];

    private IReadOnlyList<PublishedResource> Authorizations(string name) => cache.Authorizations.Find(name) is { } found ? [found] : [];

    private IEnumerable<PublishedResource> WithPrefix(string prefix) =>
        All(cache.Addresses).Where(resource => resource.Name.StartsWith(prefix, StringComparison.Ordinal));

    private bool IsOfEntry(PublishedResource resource, ObjectKey entry)
    {
        if (resource.Key.Kind == ResourceKind.Workload)
        {
            return resource.Name.StartsWith($"{clusterId}/networking.istio.io/ServiceEntry/{entry.Namespace}/{entry.Name}/", StringComparison.Ordinal);
        }

        // A host of the entry; a Kubernetes service of the same name has a host name of the cluster.
        return resource.Name.StartsWith($"{entry.Namespace}/", StringComparison.Ordinal)
            && Decode(resource) is Service service
            && service.Name == entry.Name
            && service.Hostname != $"{entry.Name}.{entry.Namespace}.svc.{clusterDomain}";
    }

    /// <summary>The object of the mesh that a resource holds; null when a node would refuse it.</summary>
    internal static object? Decode(PublishedResource resource)
    {
        string typeUrl = resource.Key.Kind == ResourceKind.Authorization ? XdsTypes.Authorization : XdsTypes.Address;
        ResourceEnvelope envelope = ResourceEnvelope.Parse(new ReadOnlySequence<byte>(resource.Content!.Body));
        return new ResourceDecoder().Decode(typeUrl, envelope).Content;
    }
}
