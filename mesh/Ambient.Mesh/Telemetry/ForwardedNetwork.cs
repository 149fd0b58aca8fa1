namespace Ambient.Mesh.Telemetry;

/// <summary>The header on the inner request of a double tunnel that names the sender's network (node-proxy 1.3.2).</summary>
public static class ForwardedNetwork
{
    public const string HeaderName = "x-forwarded-network";

    /// <summary>
    /// Whether the source sits behind a gateway, so that its address must not be looked up in our own network (node-proxy 1.3.4).
    /// </summary>
    public static bool IsRemote(string? headerValue, string ownNetwork) =>
        headerValue is not null && !headerValue.Equals(ownNetwork, StringComparison.OrdinalIgnoreCase);
}
