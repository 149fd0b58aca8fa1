using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Analysis;

/// <summary>Reads objects of one kind, in any version of its group: they are the same where the mesh looks.</summary>
/// <param name="Namespaced">Whether its objects live in a namespace.</param>
/// <param name="Read">Reads one.</param>
internal sealed record KindReader(bool Namespaced, Func<JsonElement, IKubernetesObject> Read)
{
    private static readonly Dictionary<(string Group, string Kind), KindReader> Readers = new()
    {
        [Key(KubernetesResources.Pods)] = Of(KubernetesResources.Pods, static (pod, home) => pod with { Metadata = pod.Metadata with { Namespace = home } }),
        [Key(KubernetesResources.Services)] = Of(KubernetesResources.Services, static (service, home) => service with { Metadata = service.Metadata with { Namespace = home } }),
        [Key(KubernetesResources.EndpointSlices)] = Of(KubernetesResources.EndpointSlices, static (slice, home) => slice with { Metadata = slice.Metadata with { Namespace = home } }),
        [Key(KubernetesResources.Nodes)] = Of(KubernetesResources.Nodes, static (node, _) => node),
        [Key(KubernetesResources.Namespaces)] = Of(KubernetesResources.Namespaces, static (home, _) => home),
        [Key(KubernetesResources.ServiceEntries)] = Of(KubernetesResources.ServiceEntries, static (entry, home) => entry with { Metadata = entry.Metadata with { Namespace = home } }),
        [Key(KubernetesResources.WorkloadEntries)] = Of(KubernetesResources.WorkloadEntries, static (entry, home) => entry with { Metadata = entry.Metadata with { Namespace = home } }),
        [Key(KubernetesResources.Gateways)] = Of(KubernetesResources.Gateways, static (gateway, home) => PlannedGateway.Assume(gateway with { Metadata = gateway.Metadata with { Namespace = home } })),
        [Key(KubernetesResources.GatewayClasses)] = Of(KubernetesResources.GatewayClasses, static (gatewayClass, _) => gatewayClass),
        [Key(KubernetesResources.PeerAuthentications)] = Of(KubernetesResources.PeerAuthentications, static (policy, home) => policy with { Metadata = policy.Metadata with { Namespace = home } }),
        [Key(KubernetesResources.AuthorizationPolicies)] = Of(KubernetesResources.AuthorizationPolicies, static (policy, home) => policy with { Metadata = policy.Metadata with { Namespace = home } }),
    };

    /// <summary>Null for a kind that the mesh does not look at.</summary>
    public static KindReader? Find(string apiVersion, string kind)
    {
        int slash = apiVersion.IndexOf('/');
        return Readers.GetValueOrDefault((slash < 0 ? "" : apiVersion[..slash], kind));
    }

    private static (string, string) Key<T>(ResourceType<T> type)
        where T : class, IKubernetesObject => (type.Group, type.Kind);

    private static KindReader Of<T>(ResourceType<T> type, Func<T, string, T> place)
        where T : class, IKubernetesObject
    {
        JsonTypeInfo<T> json = type.TrimmedJson;
        return new KindReader(type.Namespaced, element =>
        {
            T value = element.Deserialize(json) ?? throw new JsonException("it is null");
            return place(value, value.Metadata.Namespace.Length > 0 ? value.Metadata.Namespace : DefaultNamespace);
        });
    }

    /// <summary>Where an object without a namespace goes, as with kubectl.</summary>
    private const string DefaultNamespace = "default";
}
