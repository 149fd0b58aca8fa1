using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>The policy by which workloads accept the waypoint they use (control-plane-and-cni 5.10).</summary>
internal static class WaypointAllowTranslation
{
    public static string Resource(GatewayName gateway) => $"{gateway.Namespace}/{NameOf(gateway)}";

    public static Authorization Translate(WaypointGateway waypoint, TranslationOptions options)
    {
        AuthorizationMatch match = new()
        {
            Principals = { new StringMatchMessage { Exact = $"{options.TrustDomain}/ns/{waypoint.Name.Namespace}/sa/{waypoint.ServiceAccount}" } },
        };
        return new Authorization
        {
            Name = NameOf(waypoint.Name),
            Namespace = waypoint.Name.Namespace,
            Scope = AuthorizationScope.WorkloadSelector,
            Action = AuthorizationAction.Allow,
            Rules = { new AuthorizationRule { Clauses = { new AuthorizationClause { Matches = { match } } } } },
        };
    }

    private static string NameOf(GatewayName gateway) => $"istio_allow_waypoint_{gateway.Namespace}_{gateway.Name}";
}
