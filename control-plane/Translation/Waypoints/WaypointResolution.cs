using System.Globalization;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Selection;

namespace Ambient.ControlPlane.Translation.Waypoints;

/// <summary>
/// Which waypoint an object has (control-plane-and-cni 5.8). A reference that cannot be followed is never replaced by that of the
/// namespace: the traffic then goes straight to the destination, and the reason is reported.
/// </summary>
internal sealed class WaypointResolution(Func<GatewayName, WaypointGateway?> find)
{
    private const string NoWaypoint = "none";

    /// <summary>Resolves both waypoints.</summary>
    /// <param name="consulted">Receives every Gateway that was looked for.</param>
    public WaypointBinding Resolve(WaypointRequest request, ICollection<GatewayName> consulted)
    {
        LabelSet level = request.Labels;
        bool inherited = level.Find(MeshLabels.UseWaypoint) is null;
        if (inherited)
        {
            level = LabelSet.Of(request.NamespaceMetadata.Labels);
        }

        if (Reference(level, MeshLabels.UseWaypoint, MeshLabels.UseWaypointNamespace, request.Namespace) is not { } asked)
        {
            return WaypointBinding.None;
        }

        WaypointBinding binding = new() { Asked = asked, Inherited = inherited };
        if (Refusal(request, asked, inherited, consulted) is { } refusal)
        {
            return refusal.Reason is null ? WaypointBinding.None : binding with { Reason = refusal.Reason, Message = refusal.Message };
        }

        binding = binding with { Address = find(asked)!.Address, Ingress = WantsIngress(request) };
        return WithCanary(request, level, binding, consulted);
    }

    private WaypointBinding WithCanary(WaypointRequest request, LabelSet level, WaypointBinding binding, ICollection<GatewayName> consulted)
    {
        if (request.Traffic != WaypointTraffic.Service
            || Reference(level, MeshLabels.UseWaypointCanary, MeshLabels.UseWaypointCanaryNamespace, request.Namespace) is not { } canary)
        {
            return binding;
        }

        if (canary == binding.Asked)
        {
            return Without(Reasons.CanarySameAsPrimary, $"the canary waypoint {canary} is the waypoint itself; name another or remove the label");
        }

        string? text = (binding.Inherited ? request.NamespaceMetadata.Annotations : request.Annotations).GetValueOrDefault(MeshLabels.CanaryWeight);
        uint weight = 0;
        if (text is not null && !(uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out weight) && weight <= 100))
        {
            return Without(Reasons.CanaryInvalidWeight, $"annotation {MeshLabels.CanaryWeight} is {Quoted.Text(text)}; use a whole number from 0 to 100");
        }

        if (Refusal(request, canary, inherited: false, consulted) is { } refusal)
        {
            return Without(refusal.Reason!, refusal.Message);
        }

        return binding with { Canary = canary, CanaryAddress = find(canary)!.Address, CanaryWeight = weight };

        WaypointBinding Without(string reason, string message) => binding with { CanaryReason = reason, CanaryMessage = message };
    }

    /// <summary>Why a waypoint cannot be used; null when it can, no reason when that is nobody's mistake.</summary>
    private (string? Reason, string Message)? Refusal(
        WaypointRequest request, GatewayName asked, bool inherited, ICollection<GatewayName> consulted)
    {
        consulted.Add(asked);
        if (request.OwnNamespaceOnly && asked.Namespace != request.Namespace)
        {
            return (Reasons.CrossNamespaceWaypointForbidden,
                $"it is visible in its own namespace alone, and waypoint {asked} is in another; use a waypoint of namespace {request.Namespace}");
        }

        if (find(asked) is not { Address: not null } waypoint)
        {
            return (Reasons.WaypointIsNotReady, $"waypoint {asked} does not exist or has no address yet; traffic goes past it. Create the Gateway or look at its status");
        }

        if (!Allows(waypoint, request))
        {
            return (Reasons.AttachmentDenied,
                $"waypoint {asked} does not let namespace {request.Namespace} attach; change allowedRoutes.namespaces of its listener");
        }

        if ((waypoint.Traffic & request.Traffic) == 0)
        {
            string kind = request.Traffic == WaypointTraffic.Service ? "service" : "workload";
            return (inherited && request.Traffic == WaypointTraffic.Workload ? null : Reasons.UnsupportedTrafficType,
                $"waypoint {asked} does not take traffic to a {kind}; label it {MeshLabels.WaypointFor}={kind} or all");
        }

        return null;
    }

    private static bool Allows(WaypointGateway waypoint, WaypointRequest request) => waypoint.Attachment.From switch
    {
        "All" => true,
        "" or "Same" => waypoint.Name.Namespace == request.Namespace,
        "Selector" => waypoint.Attachment.Selector is { } selector && LabelSelection.Matches(selector, request.NamespaceMetadata.Labels),
        _ => false,
    };

    private static GatewayName? Reference(LabelSet level, string nameLabel, string namespaceLabel, string home) =>
        level.Find(nameLabel) is { Length: > 0 } name && name != NoWaypoint
            ? new GatewayName(level.Find(namespaceLabel) is { Length: > 0 } other ? other : home, name)
            : null;

    private static bool WantsIngress(WaypointRequest request) => string.Equals(
        request.Labels.Find(MeshLabels.IngressUseWaypoint) ?? request.NamespaceMetadata.Labels.GetValueOrDefault(MeshLabels.IngressUseWaypoint),
        "true",
        StringComparison.OrdinalIgnoreCase);
}
