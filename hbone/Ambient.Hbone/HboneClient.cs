using System.Net;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Tls;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone;

/// <summary>Opens tunnels: TCP connect, TLS handshake with the identity check, HTTP/2 preface.</summary>
public sealed class HboneClient
{
    private readonly HboneOptions _options;
    private readonly HandshakeThreads _threads;

    public HboneClient(HboneOptions options, HandshakeThreads threads)
    {
        _options = options;
        _threads = threads;
    }

    /// <summary>Connects to a peer's HBONE port; <paramref name="check"/> sees its verified certificate.</summary>
    public async ValueTask<HboneConnectResult> ConnectAsync(
        EventLoop loop, IPEndPoint destination, DialOptions dial, TlsCredentials credentials, TlsPeerCheck check)
    {
        // Before the wait for the connect: the credentials may be replaced, and disposed, while it lasts.
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, check);
        DialResult dialled = await TcpDialer.ConnectAsync(loop, destination, dial);
        return dialled.Socket is { } socket
            ? await TunnelHandshake.CompleteAsync(socket, handshake, _threads, Http2Role.Client, _options)
            : new HboneConnectResult(null, Explain(dialled.Failure!));
    }

    /// <summary>
    /// Opens a tunnel inside a stream of another one, and the one stream that it will ever have; never pooled (node-proxy 1.7 steps 3 and 4). It
    /// closes, and ends the outer stream, when that stream is disposed.
    /// </summary>
    /// <param name="outer">Answered with 200; taken over.</param>
    /// <param name="credentials">Presented to the far end.</param>
    /// <param name="check">Sees the far end's verified certificate.</param>
    /// <param name="request">The CONNECT for the far end.</param>
    /// <param name="caller">The application's socket: when it is closed here, the attempt ends.</param>
    /// <param name="answerTimeout">For the answer to the CONNECT.</param>
    public async ValueTask<HboneOpenResult> OpenInsideAsync(
        TunnelStream outer, TlsCredentials credentials, TlsPeerCheck check, Http2Headers request, LoopSocket? caller, TimeSpan answerTimeout)
    {
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, check);
        HboneConnectResult connected;
        using (new AnswerWait(outer, caller, timeout: null))
        {
            connected = await TunnelHandshake.CompleteAsync(new StreamDuplex(outer), handshake, _threads, Http2Role.Client, _options);
        }

        if (connected.Connection is not { } inner)
        {
            return new HboneOpenResult(null, TunnelFailures.Inside(connected.Failure!));
        }

        TunnelStream? stream = inner.Open(request);
        inner.CloseWhenIdle();
        HboneOpenResult opened = stream is null
            ? new HboneOpenResult(null, TunnelFailures.Unusable())
            : await AnswerWait.ForAsync(stream, caller, answerTimeout);
        return opened.Failure is { } failure ? new HboneOpenResult(null, TunnelFailures.Inside(failure)) : opened;
    }

    /// <summary>A packet that is dropped and one that is refused tell two stories: nobody answers, or somebody who is not a mesh proxy does.</summary>
    private static ConnectionFailure Explain(ConnectionFailure failure) => failure.Reason switch
    {
        FailureReason.TimedOut => failure with
        {
            Reason = FailureReason.NetworkPolicy,
            Message = $"connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: {failure.Message}",
            Hint = "Allow TCP 15008 to the destination pod in every NetworkPolicy that selects it.",
        },
        FailureReason.Refused => failure with
        {
            Message = $"connection failed: {failure.Message}",
            Hint = "The pod answers, but nothing listens on its HBONE port: the ztunnel of its node is down, or the pod is not captured although "
                + "the mesh says that it speaks HBONE. Most NetworkPolicies drop and do not refuse.",
        },
        FailureReason.Unreachable => failure with
        {
            Message = $"connection failed: {failure.Message}",
            Hint = "A router or firewall answered that the HBONE port cannot be reached: check the route to the destination, and rules that reject TCP 15008.",
        },
        _ => failure with { Message = $"connection failed: {failure.Message}" },
    };
}
