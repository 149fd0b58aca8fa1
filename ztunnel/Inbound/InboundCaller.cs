using System.Net;
using Ambient.Mesh.Identities;
using Ambient.Mesh.Policies;

namespace Ambient.Ztunnel.Inbound;

/// <summary>Who opened a tunnel. All streams of the tunnel share it, so that none keeps texts of its own; used on the tunnel's loop.</summary>
internal sealed class InboundCaller(IPEndPoint address, SpiffeId? identity)
{
    private AuthorizationRequest? _latest;

    public IPEndPoint Address => address;

    /// <summary>The verified identity as text; null when the certificate names none.</summary>
    public string? Identity { get; } = identity?.ToString();

    /// <summary>What policies judge of a stream. Streams to the same port share it.</summary>
    public AuthorizationRequest RequestTo(ForwardRoute route)
    {
        if (_latest is not { } latest || latest.DestinationIp != route.DestinationIp || latest.DestinationPort != route.ResolvedPort)
        {
            _latest = latest = InboundAuthorizer.ForTunnel(address, identity, route);
        }

        return latest;
    }
}
