using System.Net;
using Ambient.Transport.Sockets;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Port 15001: gives each captured connection of the pod to its story.</summary>
internal sealed class OutboundListener(OutboundConnection connection)
{
    /// <summary>A redirected connection: the kernel remembers where it was going.</summary>
    public ValueTask AcceptAsync(LoopSocket downstream) => connection.RunAsync(downstream, OriginalDestination.Get(downstream));

    /// <summary>A connection to a local port that stands in for redirection.</summary>
    public Func<LoopSocket, ValueTask> ForwardTo(IPEndPoint destination) => downstream => connection.RunAsync(downstream, destination);
}
