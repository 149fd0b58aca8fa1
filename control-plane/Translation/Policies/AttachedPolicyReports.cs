using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>
/// Whether a policy that is attached to objects is enforced by their waypoints (control-plane-and-cni 5.12). Without a waypoint nobody
/// enforces it, and that is said.
/// </summary>
internal sealed class AttachedPolicyReports(MeshState state, TranslationOptions options)
{
    private const string GatewayGroup = "gateway.networking.k8s.io";
    private const string NetworkingGroup = "networking.istio.io";

    /// <summary>The objects that a policy is attached to, as far as their kinds are known.</summary>
    public static IEnumerable<ObjectKey> Targets(AuthorizationPolicy policy) => References(policy)
        .Select(target => KeyOf(target, policy.Metadata.Namespace)).OfType<ObjectKey>();

    public void Say(PolicySource policy, ObjectReport report)
    {
        List<(string? Reason, string Message)> verdicts = [.. References(policy.Policy).Select(target => Verdict(policy, target))];
        int failed = verdicts.Count(verdict => verdict.Reason is not null);
        string message = string.Join("; ", verdicts.Select(verdict => verdict.Message));
        if (failed == 0)
        {
            report.Say(ConditionTypes.WaypointAccepted, true, Reasons.Accepted, message, problem: false);
        }
        else if (failed < verdicts.Count)
        {
            report.Say(ConditionTypes.WaypointAccepted, true, Reasons.PartiallyInvalid, message, problem: true);
        }
        else
        {
            report.Say(ConditionTypes.WaypointAccepted, false, verdicts[0].Reason!, message, problem: true);
        }
    }

    private (string? Reason, string Message) Verdict(PolicySource policy, PolicyTarget target)
    {
        string name = $"{target.Kind}.{target.Group}:{policy.Key.Namespace}/{target.Name}";
        if (target.Namespace.Length > 0 && target.Namespace != policy.Key.Namespace)
        {
            return (Reasons.Invalid, $"{name}: an object of another namespace cannot be a target");
        }

        return KeyOf(target, policy.Key.Namespace) switch
        {
            { Kind: ObjectKind.Service or ObjectKind.ServiceEntry } service => ServiceVerdict(service, name),
            { Kind: ObjectKind.Gateway } gateway => GatewayVerdict(new GatewayName(gateway.Namespace, gateway.Name), name),
            { Kind: ObjectKind.GatewayClass } gatewayClass => ClassVerdict(gatewayClass, policy.Key.Namespace, name),
            _ => (Reasons.Invalid, $"{name}: not a kind that a waypoint enforces policies of; use Service, ServiceEntry, Gateway or GatewayClass"),
        };
    }

    private (string? Reason, string Message) ServiceVerdict(ObjectKey key, string name)
    {
        if (state.FindService(key) is not { } service)
        {
            return (Reasons.TargetNotFound, $"{name}: does not exist, so nothing is enforced");
        }

        return service.Waypoint.Address is null
            ? (Reasons.AncestorNotBound, $"{name}: has no waypoint, so nothing is enforced; label it {MeshLabels.UseWaypoint}")
            : (null, $"{name}: enforced by waypoint {service.Waypoint.Asked}");
    }

    private (string? Reason, string Message) GatewayVerdict(GatewayName gateway, string name)
    {
        if (!state.Gateways.ContainsKey(gateway))
        {
            return (Reasons.TargetNotFound, $"{name}: does not exist, so nothing is enforced");
        }

        return state.Waypoints.GetValueOrDefault(gateway)?.Address is null
            ? (Reasons.AncestorNotBound, $"{name}: has no address yet, so nothing is enforced; look at its status")
            : (null, $"{name}: enforced by it");
    }

    private (string? Reason, string Message) ClassVerdict(ObjectKey key, string home, string name)
    {
        if (home != options.RootNamespace)
        {
            return (Reasons.Invalid, $"{name}: only policies of the root namespace {options.RootNamespace} may be attached to a class");
        }

        return state.GatewayClasses.ContainsKey(key.Name)
            ? (null, $"{name}: enforced by the waypoints of this class")
            : (Reasons.TargetNotFound, $"{name}: does not exist, so nothing is enforced");
    }

    private static IEnumerable<PolicyTarget> References(AuthorizationPolicy policy) =>
        policy.Spec.TargetRef is { } single ? policy.Spec.TargetRefs.Prepend(single) : policy.Spec.TargetRefs;

    private static ObjectKey? KeyOf(PolicyTarget target, string home) => (target.Group, target.Kind) switch
    {
        ("" or "core", "Service") => new ObjectKey(ObjectKind.Service, home, target.Name),
        (NetworkingGroup, "ServiceEntry") => new ObjectKey(ObjectKind.ServiceEntry, home, target.Name),
        (GatewayGroup, "Gateway") => new ObjectKey(ObjectKind.Gateway, home, target.Name),
        (GatewayGroup, "GatewayClass") => new ObjectKey(ObjectKind.GatewayClass, "", target.Name),
        _ => null,
    };
}
