using System.Net;
using System.Net.Sockets;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.Ztunnel.Socks;

/// <summary>
/// Port 15080: an application says where it wants to go, and from there on it is an outbound connection like any other (node-proxy 1.9). Success is
/// reported before anything is connected, as foreign proxies do.
/// </summary>
internal sealed class SocksConnection(PodParts pod, OutboundConnection outbound, SocksNames names)
{
    /// <summary>Clients of one pod that may be in a handshake at once.</summary>
    public const int MaxHandshakes = 512;

    private static readonly ConnectionFailure TooMany = new(
        FailurePhase.Accept,
        FailureSide.Downstream,
        FailureReason.Overloaded,
        "socks: too many handshakes at once",
        $"{MaxHandshakes} clients of this pod have not completed their SOCKS request; look for who connects to port 15080 and does not go on.");

    private int _handshakes;

    public async ValueTask AcceptAsync(LoopSocket downstream)
    {
        if (await NegotiateAsync(downstream) is { } destination)
        {
            await outbound.RunAsync(downstream, destination);
        }
    }

    /// <summary>Null when the client was refused; that is reported here.</summary>
    private async ValueTask<IPEndPoint?> NegotiateAsync(LoopSocket downstream)
    {
        bool isAdmitted = Interlocked.Increment(ref _handshakes) <= MaxHandshakes;
        try
        {
            if (!isAdmitted)
            {
                Refuse(downstream, TooMany);
                return null;
            }

            SocksHandshake handshake = new(downstream);
            ConnectionFailure? failure = await handshake.ReadAsync();
            IPEndPoint? destination = failure is null ? await FindAsync(downstream, handshake.Target) : null;
            if (failure is null && destination is null)
            {
                await handshake.ReplyAsync(SocksReply.HostUnreachable);
                failure = Unresolved(handshake.Target);
            }

            failure ??= await handshake.ReplyAsync(SocksReply.Succeeded);
            if (failure is not null)
            {
                Refuse(downstream, failure);
                return null;
            }

            return destination;
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
    }

    private async ValueTask<IPEndPoint?> FindAsync(LoopSocket downstream, SocksTarget target)
    {
        if (target.Hostname is not { } hostname)
        {
            return new IPEndPoint(target.Address!, target.Port);
        }

        bool wantsIPv6 = downstream.RemoteEndPoint.AddressFamily == AddressFamily.InterNetworkV6;
        return await names.FindAsync(pod.Local, hostname, wantsIPv6) is { } address ? new IPEndPoint(address, target.Port) : null;
    }

    private void Refuse(LoopSocket downstream, ConnectionFailure failure) =>
        pod.Reporter.Refused(TrafficDirection.Outbound, downstream.RemoteEndPoint, downstream.LocalEndPoint, failure);

    private static ConnectionFailure Unresolved(SocksTarget target) => new(
        FailurePhase.Route,
        FailureSide.Upstream,
        FailureReason.NameResolution,
        $"socks: no address for {target.Hostname}",
        "The name is no service that this pod can see and has no address in the proxy's DNS of the client's address family.");
}
