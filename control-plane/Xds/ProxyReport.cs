using System.Collections.Immutable;

namespace Ambient.ControlPlane.Xds;

/// <summary>A connected proxy and how far it is.</summary>
/// <param name="Node">Who it is.</param>
/// <param name="ConnectedAt">Since when this stream is up.</param>
/// <param name="Types">How far it is with each type that it asked for.</param>
public sealed record ProxyReport(ProxyNode Node, DateTimeOffset ConnectedAt, ImmutableArray<TypeReport> Types)
{
    /// <summary>Whether the proxy has accepted everything of the type up to that place.</summary>
    public bool HasAccepted(string typeUrl, long sequence) => Types.Any(type => type.TypeUrl == typeUrl && type.Accepted >= sequence && !type.HasRefused(sequence));
}
