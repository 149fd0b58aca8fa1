using System.Net;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Xds;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Authorization = Ambient.Xds.Messages.Authorization;

namespace Ambient.UnitTests.ControlPlane.Admin;

/// <summary>Resources and proxies of a small mesh.</summary>
internal static class Given
{
    public const string WebUid = "Kubernetes//Pod/shop/web-0";
    public const string WebHost = "shop/web.shop.svc.cluster.local";

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static MeshResource Workload(string name = "web-0", string ip = "10.0.0.1") => new(
        new ResourceKey(ResourceKind.Workload, $"Kubernetes//Pod/shop/{name}"),
        new WorkloadMessage
        {
            Uid = $"Kubernetes//Pod/shop/{name}",
            Name = name,
            Namespace = "shop",
            Addresses = { ByteString.CopyFrom(IPAddress.Parse(ip).GetAddressBytes()) },
            Services = { [WebHost] = new PortList() },
        });

    public static MeshResource Service(string name = "web", string host = "web.shop.svc.cluster.local") => new(
        new ResourceKey(ResourceKind.Service, $"shop/{host}"), new ServiceMessage { Name = name, Namespace = "shop", Hostname = host });

    public static MeshResource Policy(string name = "deny-all") => new(
        new ResourceKey(ResourceKind.Authorization, $"shop/{name}"),
        new Authorization { Name = name, Namespace = "shop", Scope = AuthorizationScope.Namespace, Action = AuthorizationAction.Deny });

    public static ProxyReport Proxy(string name, params TypeReport[] types) => new(
        new ProxyNode($"ztunnel~10.0.0.9~{name}.istio-system~istio-system.svc.cluster.local", "ztunnel", name, "istio-system", "ztunnel", $"node-of-{name}", "1.30"),
        Start,
        [.. types]);

    public static TypeReport Addresses(long accepted, long sent = 0, bool wildcard = true) =>
        new(XdsTypes.Address, wildcard, Math.Max(sent, accepted), accepted, 0, "");

    public static TypeReport Policies(long accepted, long sent = 0) => new(XdsTypes.Authorization, true, Math.Max(sent, accepted), accepted, 0, "");

    /// <summary>One that takes everything of what it takes by no name.</summary>
    public static ConnectedProxy Connected(ProxyReport report, params string[] names) => new(report, (_, name) => names.Contains(name));
}
