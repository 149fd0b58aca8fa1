namespace Ambient.Xds;

/// <summary>The type URLs subscribed to, in the order of the subscriptions (node-proxy 3.3).</summary>
public static class XdsTypes
{
    public const string Address = "type.googleapis.com/istio.workload.Address";
    public const string Authorization = "type.googleapis.com/istio.security.Authorization";
}
