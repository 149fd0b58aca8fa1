using Ambient.Mesh.Addresses;
using Ambient.Mesh.Identities;

namespace Ambient.Mesh.Policies;

/// <summary>What a connection is judged by (node-proxy 4.1). The destination port is the resolved one, not 15008.</summary>
public sealed class AuthorizationRequest
{
    public AuthorizationRequest(MeshIp sourceIp, MeshIp destinationIp, ushort destinationPort, SpiffeId? source)
    {
        SourceIp = sourceIp;
        DestinationIp = destinationIp;
        DestinationPort = destinationPort;
        Source = source;
        Principal = source?.Principal;
        Namespace = source?.Namespace ?? string.Empty;
    }

    public MeshIp SourceIp { get; }

    public MeshIp DestinationIp { get; }

    public ushort DestinationPort { get; }

    /// <summary>The caller's verified identity; null for plaintext.</summary>
    public SpiffeId? Source { get; }

    internal string? Principal { get; }

    internal string Namespace { get; }

    internal bool IsAccount(ServiceAccountMatch match) =>
        Source is { } source && source.Namespace == match.Namespace && source.ServiceAccount == match.ServiceAccount;
}
