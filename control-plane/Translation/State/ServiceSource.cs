using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Services;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>A Service or a ServiceEntry.</summary>
internal sealed class ServiceSource : ISelecting, IWaypointUser
{
    public ServiceSource(ObjectKey key, NamespaceState home, IKubernetesObject value, ServiceShape shape)
    {
        Key = key;
        Home = home;
        Object = value;
        Shape = shape;
        Claims = [.. shape.Hosts.Select(host => new HostClaim(this, host))];
    }

    public ObjectKey Key { get; }

    public NamespaceState Home { get; }

    /// <summary>Replaced while the shape stays the same.</summary>
    public IKubernetesObject Object { get; set; }

    public ServiceShape Shape { get; }

    public ImmutableArray<HostClaim> Claims { get; }

    public List<InlineSource> Inline { get; } = [];

    public EntryVisibility Visibility { get; set; }

    public WaypointBinding Waypoint { get; set; } = WaypointBinding.None;

    public ImmutableArray<GatewayName> ConsultedGateways { get; set; } = [];

    public bool Gone { get; set; }

    public bool IsKubernetes => Object is Service;

    /// <summary>Whether somebody else writes its endpoints.</summary>
    public bool TakesSlices => Object is Service && Shape is { Selector: null, Hosts.IsEmpty: false };

    public LabelSet Selector => Shape.Selector ?? LabelSet.Empty;

    public ServiceEntry? Entry => Object as ServiceEntry;
}
