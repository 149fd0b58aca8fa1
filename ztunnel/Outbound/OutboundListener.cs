using System.Net;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Outbound;

/// <summary>Port 15001: gives each captured connection of the pod to its story.</summary>
internal sealed class OutboundListener(OutboundConnection connection, SocketGauge gauge)
{
    /// <summary>A redirected connection: the kernel remembers where it was going.</summary>
    public ValueTask AcceptAsync(LoopSocket downstream) => RunAsync(downstream, OriginalDestination.Get(downstream));

    /// <summary>A connection to a local port that stands in for redirection.</summary>
    public Func<LoopSocket, ValueTask> ForwardTo(IPEndPoint destination) => downstream => RunAsync(downstream, destination);

    private async ValueTask RunAsync(LoopSocket downstream, IPEndPoint destination)
    {
        gauge.Opened(TrafficDirection.Outbound);
        try
        {
            await connection.RunAsync(downstream, destination);
        }
        finally
        {
            gauge.Closed(TrafficDirection.Outbound);
        }
    }
}
