using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ambient.Testing.Tls;
using Ambient.Tls;

namespace Ambient.InProcessTests.Tls;

/// <summary>.NET's SslStream in both roles.</summary>
public sealed class SslStreamInteropTests(InteropFixture fixture) : IClassFixture<InteropFixture>, IDisposable
{
    private const int BulkBytes = 3_000_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _deadline = new(Deadline);

    private CancellationToken Cancellation => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [InlineData(TlsSuite.Aes128GcmSha256)]
    [InlineData(TlsSuite.Aes256GcmSha384)]
    public async Task An_SslStream_client_is_served(TlsSuite suite)
    {
        using TcpListener listener = InteropFixture.Listen();
        using TlsCredentials credentials = fixture.Credentials(suite);
        using TlsHandshake handshake = TlsHandshake.ForServer(credentials, InteropFixture.ExpectForeign);
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", ((System.Net.IPEndPoint)listener.LocalEndpoint).Port, Cancellation);
        using var foreign = new SslStream(socket.GetStream());
        Task<TlsTestConnection?> accepting = InteropFixture.AcceptAsync(listener, handshake, Cancellation);
        await foreign.AuthenticateAsClientAsync(ClientOptions(SslApplicationProtocol.Http2), Cancellation);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(await accepting);

        Assert.Equal(SslApplicationProtocol.Http2, foreign.NegotiatedApplicationProtocol);
        Assert.Equal(fixture.Ours.ChainDer[0], foreign.RemoteCertificate!.GetRawCertData());
        await AssertCarriesAsync(connection, foreign);
    }

    [Theory]
    [InlineData(TlsSuite.Aes128GcmSha256)]
    [InlineData(TlsSuite.Aes256GcmSha384)]
    public async Task An_SslStream_server_is_used(TlsSuite suite)
    {
        using TcpListener listener = InteropFixture.Listen();
        using TlsCredentials credentials = fixture.Credentials(suite);
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, InteropFixture.ExpectForeign);
        Task<SslStream> accepting = AcceptForeignAsync(listener);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(await InteropFixture.ConnectAsync(
            ((System.Net.IPEndPoint)listener.LocalEndpoint).Port, handshake, Cancellation));
        using SslStream foreign = await accepting;

        Assert.Equal(fixture.Ours.ChainDer[0], foreign.RemoteCertificate!.GetRawCertData());
        await AssertCarriesAsync(connection, foreign);
    }

    [Fact]
    public async Task An_SslStream_client_without_h2_is_refused()
    {
        using TcpListener listener = InteropFixture.Listen();
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForServer(credentials, InteropFixture.ExpectForeign);
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", ((System.Net.IPEndPoint)listener.LocalEndpoint).Port, Cancellation);
        using var foreign = new SslStream(socket.GetStream());
        Task<TlsTestConnection?> accepting = InteropFixture.AcceptAsync(listener, handshake, Cancellation);
        await Assert.ThrowsAsync<AuthenticationException>(
            () => foreign.AuthenticateAsClientAsync(ClientOptions(SslApplicationProtocol.Http11), Cancellation));
        Assert.Null(await accepting);
        Assert.Equal(TlsFailureReason.NoAlpn, handshake.Failure!.Reason);
    }

    [Fact]
    public async Task An_SslStream_server_with_a_wrong_identity_is_refused_and_told()
    {
        using TcpListener listener = InteropFixture.Listen();
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, _ => "wrong identity");
        Task<SslStream> accepting = AcceptForeignAsync(listener);
        Assert.Null(await InteropFixture.ConnectAsync(((System.Net.IPEndPoint)listener.LocalEndpoint).Port, handshake, Cancellation));
        Assert.Equal(TlsFailureReason.PeerIdentity, handshake.Failure!.Reason);
        await Assert.ThrowsAsync<AuthenticationException>(() => accepting);
    }

    private async Task AssertCarriesAsync(TlsTestConnection connection, SslStream foreign)
    {
        byte[] bulk = new byte[BulkBytes];
        new Random(1).NextBytes(bulk);

        Task sending = foreign.WriteAsync(bulk, Cancellation).AsTask();
        Assert.Equal(bulk, await connection.ReceiveBytesAsync(bulk.Length, Cancellation));
        await sending;

        byte[] received = new byte[BulkBytes];
        Task reading = foreign.ReadExactlyAsync(received, Cancellation).AsTask();
        await connection.SendAsync(bulk, Cancellation);
        await reading;
        Assert.Equal(bulk, received);

        await connection.CloseAsync(Cancellation);
        Assert.Equal(0, await foreign.ReadAsync(received, Cancellation));
        await foreign.ShutdownAsync();
        Assert.Null(await connection.ReceiveAsync(Cancellation));
        Assert.Null(connection.Session.Failure);
    }

    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(fixture.Ours.ChainDer[0]);

    private async Task<SslStream> AcceptForeignAsync(TcpListener listener)
    {
        TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        var stream = new SslStream(client.GetStream());
        using X509Certificate2 certificate = fixture.Foreign.ToX509();
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = IsOurs,
            },
            Cancellation);
        return stream;
    }

    private SslClientAuthenticationOptions ClientOptions(SslApplicationProtocol protocol) => new()
    {
        TargetHost = "ignored.example",
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [protocol],
        ClientCertificateContext = SslStreamCertificateContext.Create(fixture.Foreign.ToX509(), null, offline: true),
        RemoteCertificateValidationCallback = IsOurs,
    };
}
