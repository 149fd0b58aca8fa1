using System.Net.Sockets;
using Ambient.Testing.Certificates;
using Ambient.Testing.Tls;
using Ambient.Tls;

namespace Ambient.InProcessTests.Tls;

/// <summary>Real <c>openssl</c> programs on loopback, in both roles.</summary>
public sealed class OpenSslInteropTests(InteropFixture fixture) : IClassFixture<InteropFixture>, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _deadline = new(Deadline);

    private CancellationToken Cancellation => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256", TlsSuite.Aes128GcmSha256)]
    [InlineData("TLS_AES_256_GCM_SHA384", TlsSuite.Aes256GcmSha384)]
    public async Task S_client_is_served_with_key_updates_both_ways_and_close_notify(string suiteName, TlsSuite suite)
    {
        using TcpListener listener = InteropFixture.Listen();
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForServer(credentials, InteropFixture.ExpectForeign);
        await using OpenSslProgram client = StartClient(listener, "-ciphersuites", suiteName);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(
            await InteropFixture.AcceptAsync(listener, handshake, Cancellation));
        Assert.Equal(suite, connection.Session.Suite);
        await client.WaitForAsync("ALPN protocol: h2", Cancellation);

        await client.WriteLineAsync("first");
        Assert.Equal("first\n", await connection.ReceiveTextAsync(6, Cancellation));

        // K: a key update that asks for ours. k: one that does not. A command counts only at the start of what openssl reads at once.
        await client.WriteLineAsync("K");
        await client.WaitForAsync("KEYUPDATE", Cancellation);
        await client.WriteLineAsync("second");
        Assert.Equal("second\n", await connection.ReceiveTextAsync(7, Cancellation));
        await connection.SendAsync("under our new key\n", Cancellation);
        await client.WaitForAsync("under our new key", Cancellation);
        await client.WriteLineAsync("k");
        await client.WaitForAsync("KEYUPDATE", Cancellation, occurrence: 2);
        await client.WriteLineAsync("third");
        Assert.Equal("third\n", await connection.ReceiveTextAsync(6, Cancellation));
        Assert.Equal(2, connection.Skipped);

        await connection.CloseAsync(Cancellation);
        await client.WaitForAsync("closed", Cancellation);
        await client.WaitForExitAsync(Cancellation);
    }

    [Theory]
    [InlineData("TLS_AES_128_GCM_SHA256", TlsSuite.Aes128GcmSha256)]
    [InlineData("TLS_AES_256_GCM_SHA384", TlsSuite.Aes256GcmSha384)]
    public async Task S_server_is_used_with_tickets_key_updates_both_ways_and_close_notify(string suiteName, TlsSuite suite)
    {
        await using OpenSslProgram server = StartServer("-ciphersuites", suiteName);
        int port = await PortOfAsync(server);
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, InteropFixture.ExpectForeign);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(
            await InteropFixture.ConnectAsync(port, handshake, Cancellation));
        Assert.Equal(suite, connection.Session.Suite);

        await connection.SendAsync("first from us\n", Cancellation);
        await server.WaitForAsync("first from us", Cancellation);
        await server.WriteLineAsync("first");
        Assert.Equal("first\n", await connection.ReceiveTextAsync(6, Cancellation));
        int tickets = connection.Skipped;
        Assert.InRange(tickets, 1, 4);

        await server.WriteLineAsync("K");
        Assert.Equal(TlsReadStatus.Skipped, (await connection.ReceiveRecordAsync(Cancellation)).Status);
        await server.WriteLineAsync("second");
        Assert.Equal("second\n", await connection.ReceiveTextAsync(7, Cancellation));
        await connection.SendAsync("under our new key\n", Cancellation);
        await server.WaitForAsync("under our new key", Cancellation);
        Assert.Equal(tickets + 1, connection.Skipped);

        // Q ends the connection and the program.
        await server.WriteLineAsync("Q");
        Assert.Null(await connection.ReceiveAsync(Cancellation));
        Assert.Null(connection.Session.Failure);
    }

    [Fact]
    public async Task S_server_hears_our_close_notify()
    {
        await using OpenSslProgram server = StartServer();
        int port = await PortOfAsync(server);
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, InteropFixture.ExpectForeign);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(
            await InteropFixture.ConnectAsync(port, handshake, Cancellation));
        await connection.CloseAsync(Cancellation);
        await server.WaitForAsync("DONE", Cancellation);
        Assert.DoesNotContain("unexpected eof", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_server_refuses_a_changed_record_with_bad_record_mac()
    {
        await using OpenSslProgram server = StartServer();
        int port = await PortOfAsync(server);
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, InteropFixture.ExpectForeign);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancellation);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(
            await TlsTestConnection.OpenAsync(client.GetStream(), handshake, Cancellation));
        byte[] record = new byte[5 + TlsSession.Overhead];
        connection.Session.Seal(new byte[6], 5, record);
        record[^1] ^= 1;
        await client.GetStream().WriteAsync(record, Cancellation);
        Assert.Null(await connection.ReceiveAsync(Cancellation));
        Assert.Equal(TlsFailureReason.PeerAlert, connection.Session.Failure!.Reason);
        Assert.Equal(TlsAlert.BadRecordMac, connection.Session.Failure.Alert);
    }

    [Fact]
    public async Task A_client_without_certificate_is_refused_with_certificate_required()
    {
        TlsFailure failure = await ServeAndFailAsync("-alpn", "h2", "-CAfile", fixture.File("roots.pem"));
        Assert.Equal(TlsFailureReason.NoCertificate, failure.Reason);
        Assert.Equal(TlsAlert.CertificateRequired, failure.Alert);
    }

    [Fact]
    public async Task A_client_without_alpn_is_refused_with_no_application_protocol()
    {
        TlsFailure failure = await ServeAndFailAsync([.. ClientCertificate()]);
        Assert.Equal(TlsFailureReason.NoAlpn, failure.Reason);
        Assert.Equal(TlsAlert.NoApplicationProtocol, failure.Alert);
    }

    [Fact]
    public async Task A_client_with_another_alpn_is_refused_with_no_application_protocol()
    {
        TlsFailure failure = await ServeAndFailAsync(["-alpn", "http/1.1,h3", .. ClientCertificate()]);
        Assert.Equal(TlsFailureReason.NoAlpn, failure.Reason);
        Assert.Equal(TlsAlert.NoApplicationProtocol, failure.Alert);
    }

    [Fact]
    public async Task A_client_of_tls_1_2_is_refused_with_protocol_version()
    {
        TlsFailure failure = await ServeAndFailAsync(["-tls1_2", "-alpn", "h2", .. ClientCertificate()]);
        Assert.Equal(TlsFailureReason.ProtocolVersion, failure.Reason);
        Assert.Equal(TlsAlert.ProtocolVersion, failure.Alert);
    }

    [Fact]
    public async Task A_client_with_another_suite_is_refused()
    {
        TlsFailure failure = await ServeAndFailAsync(["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", "-alpn", "h2", .. ClientCertificate()]);
        Assert.Equal(TlsFailureReason.NoCommonSuite, failure.Reason);
    }

    [Fact]
    public async Task A_client_with_a_weak_certificate_is_refused()
    {
        string directory = Directory.CreateDirectory(fixture.File("weak")).FullName;
        fixture.Authority.Issue(new TestCertificateSpec { UriSans = [InteropFixture.ForeignId], RsaBits = 1024 }).WritePem(directory);
        TlsFailure failure = await ServeAndFailAsync(
            "-alpn", "h2", "-cipher", "DEFAULT@SECLEVEL=0", "-cert", Path.Combine(directory, "chain.pem"), "-key", Path.Combine(directory, "key.pem"));
        Assert.Equal(TlsFailureReason.BadCertificate, failure.Reason);
    }

    [Fact]
    public async Task A_server_without_alpn_is_refused()
    {
        TlsFailure failure = await ConnectAndFailAsync(["-tls1_3", .. ServerCertificate()]);
        Assert.Equal(TlsFailureReason.NoAlpn, failure.Reason);
    }

    [Fact]
    public async Task A_server_of_tls_1_2_refuses_us_with_protocol_version()
    {
        TlsFailure failure = await ConnectAndFailAsync(["-tls1_2", "-alpn", "h2", .. ServerCertificate()]);
        Assert.Equal(TlsFailureReason.PeerAlert, failure.Reason);
        Assert.Equal(TlsAlert.ProtocolVersion, failure.Alert);
    }

    [Fact]
    public async Task No_server_name_is_sent()
    {
        await using OpenSslProgram server = StartServer("-tlsextdebug");
        int port = await PortOfAsync(server);
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, InteropFixture.ExpectForeign);
        using TlsTestConnection connection = Assert.IsType<TlsTestConnection>(
            await InteropFixture.ConnectAsync(port, handshake, Cancellation));
        await server.WaitForAsync("TLS client extension \"application layer protocol negotiation\"", Cancellation);
        Assert.DoesNotContain("\"server name\"", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"psk\"", server.Output, StringComparison.Ordinal);
    }

    private async Task<TlsFailure> ServeAndFailAsync(params string[] clientArguments)
    {
        using TcpListener listener = InteropFixture.Listen();
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForServer(credentials, InteropFixture.ExpectForeign);
        await using var client = new OpenSslProgram(["s_client", "-connect", InteropFixture.Address(listener), .. clientArguments]);
        Assert.Null(await InteropFixture.AcceptAsync(listener, handshake, Cancellation));
        Assert.NotNull(handshake.Failure);
        if (handshake.Failure.Alert is { } alert)
        {
            await client.WaitForAsync($"SSL alert number {(int)alert}", Cancellation);
        }

        return handshake.Failure;
    }

    private async Task<TlsFailure> ConnectAndFailAsync(string[] serverArguments)
    {
        await using var server = new OpenSslProgram(["s_server", "-accept", "127.0.0.1:0", .. serverArguments]);
        int port = await PortOfAsync(server);
        using TlsCredentials credentials = fixture.Credentials();
        using TlsHandshake handshake = TlsHandshake.ForClient(credentials, InteropFixture.ExpectForeign);
        Assert.Null(await InteropFixture.ConnectAsync(port, handshake, Cancellation));
        Assert.NotNull(handshake.Failure);
        return handshake.Failure;
    }

    private OpenSslProgram StartClient(TcpListener listener, params string[] more) => new(
        ["s_client", "-connect", InteropFixture.Address(listener), "-tls1_3", "-alpn", "h2", "-verify_return_error", .. ClientCertificate(), .. more]);

    private OpenSslProgram StartServer(params string[] more) => new(
        ["s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-alpn", "h2", "-Verify", "2", "-verify_return_error", "-naccept", "1", .. ServerCertificate(), .. more]);

    private async Task<int> PortOfAsync(OpenSslProgram server)
    {
        string line = await server.WaitForAsync("ACCEPT 127.0.0.1:", Cancellation);
        return int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
    }

    private string[] ClientCertificate() =>
        ["-cert", fixture.File("chain.pem"), "-key", fixture.File("key.pem"), "-CAfile", fixture.File("roots.pem")];

    private string[] ServerCertificate() =>
        ["-cert", fixture.File("chain.pem"), "-key", fixture.File("key.pem"), "-CAfile", fixture.File("roots.pem")];
}
