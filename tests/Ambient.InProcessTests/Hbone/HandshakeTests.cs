using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Ambient.Hbone;
using Ambient.Testing.Certificates;
using Ambient.Tls;
using Ambient.Transport.Lifetime;

namespace Ambient.InProcessTests.Hbone;

/// <summary>Handshakes that fail, hang or come by the hundred.</summary>
public sealed class HandshakeTests
{
    private static readonly HboneOptions Impatient = HboneOptions.Default with { HandshakeTimeout = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public async Task A_peer_that_says_nothing_is_dropped_in_time()
    {
        await using var rig = new HboneRig(Impatient);
        using Socket silent = await ConnectAsync(rig);

        ConnectionFailure failure = (await rig.AcceptedTunnelAsync()).Failure!;

        Assert.Equal(
            (FailurePhase.TlsHandshake, FailureSide.Downstream, FailureReason.TimedOut), (failure.Phase, failure.Side, failure.Reason));
        Assert.Empty(await silent.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_server_that_says_nothing_fails_the_open_in_time()
    {
        await using var rig = new HboneRig(Impatient);
        using TcpListener listener = RawPeer.ListenFor(rig);
        Socket app = await rig.ConnectAppAsync();
        using Socket silent = await listener.AcceptSocketAsync();

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;

        Assert.Equal((FailureSide.Upstream, FailureReason.TimedOut), (failure.Side, failure.Reason));
        Assert.Empty(await app.ReceiveToEndAsync());
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_named()
    {
        await using var rig = new HboneRig();
        using TcpListener listener = RawPeer.ListenFor(rig);
        await rig.ConnectAppAsync();
        (await listener.AcceptSocketAsync()).Dispose();

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;

        Assert.StartsWith("tls error:", failure.Message, StringComparison.Ordinal);
        Assert.Equal((FailurePhase.TlsHandshake, FailureReason.Reset), (failure.Phase, failure.Reason));
    }

    [Fact]
    public async Task Nobody_listening_is_a_failed_connection_with_a_hint()
    {
        await using var rig = new HboneRig();
        TcpListener listener = RawPeer.ListenFor(rig);
        listener.Stop();
        await rig.ConnectAppAsync();

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;

        Assert.StartsWith("connection failed:", failure.Message, StringComparison.Ordinal);
        Assert.Equal((FailurePhase.Connect, FailureReason.Refused), (failure.Phase, failure.Reason));
    }

    [Fact]
    public async Task An_identity_that_is_not_the_expected_one_is_refused_before_any_request()
    {
        await using var rig = new HboneRig();
        rig.CheckServer = static peer => $"identity error: presented {peer.UriSans[0]}";
        Socket app = await rig.ConnectAppAsync();

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;

        Assert.Equal((FailurePhase.TlsHandshake, FailureReason.IdentityMismatch), (failure.Phase, failure.Reason));
        Assert.Contains(HboneRig.ServerId, failure.Message, StringComparison.Ordinal);
        Assert.Empty(await app.ReceiveToEndAsync());
        Assert.NotNull((await rig.AcceptedTunnelAsync()).Failure);
    }

    [Fact]
    public async Task A_client_of_another_root_learns_why_it_was_refused()
    {
        using TestAuthority stranger = TestAuthority.CreateRoot("CN=another mesh");
        await using var rig = new HboneRig();
        TestCertificate foreign = stranger.Issue(HboneRig.ClientId);
        using var credentials = new TlsCredentials(foreign.ChainDer, foreign.KeyPkcs8, rig.Client.RootsDer);
        HboneOpenResult opened = default;

        await rig.OnOutboundAsync(async () => opened = await rig.Pool.OpenAsync(
            rig.Key(),
            Ambient.Hbone.Http2.Http2Headers.ForConnect("10.0.0.1:80"),
            () => new HboneClient(rig.Options, rig.Threads).ConnectAsync(
                rig.OutboundLoop, rig.TunnelEndPoint, Ambient.Transport.Sockets.DialOptions.Default, credentials, static _ => null)));

        Assert.Equal(FailureReason.CertificateUntrusted, (await rig.AcceptedTunnelAsync()).Failure!.Reason);
        Assert.Contains("alert", opened.Failure!.Message, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(opened.Failure.Hint);
    }

    [Fact]
    public async Task A_client_without_certificate_is_refused_by_name()
    {
        await using var rig = new HboneRig();
        using Socket socket = await ConnectAsync(rig);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        });

        await Assert.ThrowsAnyAsync<IOException>(async () => await tls.ReadExactlyAsync(new byte[1]));
        Assert.Equal(FailureReason.CertificateMissing, (await rig.AcceptedTunnelAsync()).Failure!.Reason);
    }

    [Fact]
    public async Task Handshakes_that_trickle_hold_no_thread()
    {
        await using var rig = new HboneRig();
        Socket[] slow = [.. await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ConnectAsync(rig)))];
        foreach (Socket socket in slow)
        {
            // The header of a ClientHello that never comes.
            await socket.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1 });
        }

        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        await app.SendAllAsync(new byte[5]);

        Assert.Equal(5, (await destination.ReceiveAsync(5)).Length);
        foreach (Socket socket in slow)
        {
            socket.Dispose();
        }
    }

    [Fact]
    public async Task An_established_tunnel_goes_on_during_a_storm_of_handshakes()
    {
        const int Lanes = 100;
        const int PerLane = 5;
        await using var rig = new HboneRig();
        (Socket app, Socket destination) = await rig.ConnectThroughAsync();
        await rig.AcceptedTunnelAsync();
        int done = 0;
        Task storm = rig.OnOutboundAsync(() => Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            for (int i = 0; i < PerLane; i++)
            {
                HboneConnectResult dialled = await rig.DialAsync();
                Assert.Null(dialled.Failure);
                dialled.Connection!.CloseWhenIdle();
                done++;
            }
        })));

        // Counted in handshakes and not in time, which on a busy machine tells nothing; on a thread of its own, for the same reason.
        List<int> handshakesDuringExchange = await Task.Factory.StartNew(
            () =>
            {
                List<int> counts = [];
                while (!storm.IsCompleted)
                {
                    int before = Volatile.Read(ref done);
                    Exchange(app, destination);
                    Exchange(destination, app);
                    counts.Add(Volatile.Read(ref done) - before);
                }

                return counts;
            },
            TaskCreationOptions.LongRunning);

        await storm;
        Assert.Equal(Lanes * PerLane, done);
        Assert.All(handshakesDuringExchange, count => Assert.InRange(count, 0, Lanes * PerLane / 2));
    }

    private static void Exchange(Socket from, Socket to)
    {
        byte[] message = new byte[100];
        from.Send(message);
        for (int received = 0; received < message.Length;)
        {
            received += to.Receive(message, received, message.Length - received, SocketFlags.None);
        }
    }

    private static async Task<Socket> ConnectAsync(HboneRig rig)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(rig.TunnelEndPoint);
        return socket;
    }
}
