using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Services;
using Ambient.Mesh.Addresses;

namespace Ambient.ControlPlane.Translation;

/// <summary>The settings of the mesh that translation needs (control-plane-and-cni 5.3 to 5.10, 5.13).</summary>
public sealed record TranslationOptions
{
    public string ClusterId { get; init; } = "Kubernetes";

    public string ClusterDomain { get; init; } = "cluster.local";

    public string TrustDomain { get; init; } = "cluster.local";

    /// <summary>Where policies apply to the whole mesh.</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>The namespace whose label <c>topology.istio.io/network</c> names the network of the cluster.</summary>
    public string SystemNamespace { get; init; } = "istio-system";

    /// <summary>The network of the cluster where the system namespace does not say it.</summary>
    public string DefaultNetwork { get; init; } = "";

    /// <summary>Whether the selector of a ServiceEntry selects pods too (<c>PILOT_ENABLE_SERVICEENTRY_SELECT_PODS</c>).</summary>
    public bool ServiceEntriesSelectPods { get; init; } = true;

    /// <summary>Whether policies marked dry-run are sent to be logged (<c>AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY</c>).</summary>
    public bool DryRunPolicies { get; init; }

    /// <summary>Whether a workload accepts its waypoint without a policy that says so (<c>PILOT_AUTO_ALLOW_WAYPOINT_POLICY</c>).</summary>
    public bool AllowWaypointImplicitly { get; init; }

    /// <summary>Whether ServiceEntries without addresses are given some (<c>PILOT_ENABLE_IP_AUTOALLOCATE</c>).</summary>
    public bool AllocateAddresses { get; init; } = true;

    /// <summary><c>PILOT_IP_AUTOALLOCATE_IPV4_PREFIX</c>.</summary>
    public IpPrefix IPv4Pool { get; init; } = Prefix("240.240.0.0/16");

    /// <summary><c>PILOT_IP_AUTOALLOCATE_IPV6_PREFIX</c>.</summary>
    public IpPrefix IPv6Pool { get; init; } = Prefix("2001:2::/48");

    /// <summary>Who may see the ServiceEntries of a namespace: the first policy that selects it; none means everybody.</summary>
    public ImmutableArray<VisibilityPolicy> ServiceEntryVisibility { get; init; } = [];

    private static IpPrefix Prefix(string text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException(text);
}
