using System.Collections.Immutable;
using Ambient.Kube.Resources.Core;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>Which endpoints a service prefers (control-plane-and-cni 5.6). Every call makes a message of its own: one must not change another.</summary>
internal static class LoadBalancings
{
    public static LoadBalancing? Of(Service service, ImmutableDictionary<string, string> namespaceAnnotations)
    {
        LoadBalancing? balancing = service.Spec.InternalTrafficPolicy == "Local"
            ? new LoadBalancing { Mode = LoadBalancing.Types.Mode.Strict, RoutingPreference = { LoadBalancing.Types.Scope.Node } }
            : Distribution(service.Spec.TrafficDistribution, service.Metadata.Annotations, namespaceAnnotations);
        if (service.Spec.PublishNotReadyAddresses)
        {
            balancing ??= new LoadBalancing();
            balancing.HealthPolicy = LoadBalancing.Types.HealthPolicy.AllowAll;
        }

        return balancing;
    }

    /// <summary>The preference of a field, else of an annotation of the object, else of one of the namespace; the first that is set decides.</summary>
    public static LoadBalancing? Distribution(
        string field, ImmutableDictionary<string, string> annotations, ImmutableDictionary<string, string> namespaceAnnotations)
    {
        string text = field.Length > 0
            ? field
            : annotations.GetValueOrDefault(MeshLabels.TrafficDistribution)
                ?? namespaceAnnotations.GetValueOrDefault(MeshLabels.TrafficDistribution)
                ?? "";
        return text.ToLowerInvariant() switch
        {
            "preferclose" or "prefersamezone" => Failover(
                LoadBalancing.Types.Scope.Network, LoadBalancing.Types.Scope.Region, LoadBalancing.Types.Scope.Zone),
            "prefersamenode" => Failover(
                LoadBalancing.Types.Scope.Network,
                LoadBalancing.Types.Scope.Region,
                LoadBalancing.Types.Scope.Zone,
                LoadBalancing.Types.Scope.Subzone,
                LoadBalancing.Types.Scope.Node),
            _ => null,
        };
    }

    /// <summary>Connections go to the address that was asked for.</summary>
    public static LoadBalancing PassThrough() => new()
    {
        Mode = LoadBalancing.Types.Mode.Passthrough,
        HealthPolicy = LoadBalancing.Types.HealthPolicy.AllowAll,
    };

    private static LoadBalancing Failover(params ReadOnlySpan<LoadBalancing.Types.Scope> scopes)
    {
        LoadBalancing balancing = new() { Mode = LoadBalancing.Types.Mode.Failover };
        foreach (LoadBalancing.Types.Scope scope in scopes)
        {
            balancing.RoutingPreference.Add(scope);
        }

        return balancing;
    }
}
