using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ambient.Grpc;
using Ambient.Testing.Certificates;
using Ambient.Testing.Grpc;
using Google.Protobuf.WellKnownTypes;
using static Ambient.InProcessTests.Grpc.GrpcRig;

namespace Ambient.InProcessTests.Grpc;

public sealed class GrpcTlsTests
{
    private static async Task AnswerAsync(GrpcServerCall call)
    {
        X509Certificate2? client = await call.Context.Connection.GetClientCertificateAsync();
        await call.WriteAsync(Text(client?.Thumbprint ?? "no certificate"));
        call.Finish(0);
    }

    private static Task<StringValue> SayAsync(GrpcChannel channel) => channel.CallAsync(Echo, Text("x"), GrpcCallOptions.Default, default);

    [Fact]
    public async Task A_server_of_the_given_root_is_called()
    {
        using TestAuthority root = TestAuthority.CreateRoot();
        using X509Certificate2 certificate = ServerCertificate(root, "localhost");
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(AnswerAsync, new GrpcTestServerOptions { Certificate = certificate });
        using GrpcChannel channel = Channel(server.Address, root);

        Assert.Equal("no certificate", (await SayAsync(channel)).Value);
    }

    [Fact]
    public async Task Another_root_or_another_name_is_refused()
    {
        using TestAuthority root = TestAuthority.CreateRoot();
        using TestAuthority other = TestAuthority.CreateRoot("CN=other");
        using X509Certificate2 certificate = ServerCertificate(root, "localhost");
        using X509Certificate2 misnamed = ServerCertificate(root, "elsewhere");
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(AnswerAsync, new GrpcTestServerOptions { Certificate = certificate });
        await using GrpcTestServer wrong = await GrpcTestServer.StartAsync(AnswerAsync, new GrpcTestServerOptions { Certificate = misnamed });
        using GrpcChannel distrusting = Channel(server.Address, other);
        using GrpcChannel misled = Channel(wrong.Address, root);

        GrpcException byRoot = await Assert.ThrowsAsync<GrpcException>(() => SayAsync(distrusting));
        GrpcException byName = await Assert.ThrowsAsync<GrpcException>(() => SayAsync(misled));
        Assert.Equal((GrpcStatusCode.Unavailable, GrpcStatusCode.Unavailable), (byRoot.Status, byName.Status));
        Assert.Contains("certificate", byRoot.Detail);
        Assert.Contains("RemoteCertificateNameMismatch", byName.Detail);
    }

    [Fact]
    public async Task Roots_and_client_certificate_are_asked_for_again_by_every_connection()
    {
        using TestAuthority root = TestAuthority.CreateRoot();
        using X509Certificate2 certificate = ServerCertificate(root, "localhost");
        using X509Certificate2 client = root.Issue("spiffe://cluster.local/ns/a/sa/b").ToX509();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(
            AnswerAsync, new GrpcTestServerOptions { Certificate = certificate, WantsClientCertificate = true });
        int asked = 0;
        using var channel = new GrpcChannel(new GrpcChannelOptions
        {
            Address = server.Address,
            Tls = () =>
            {
                asked++;
                SslClientAuthenticationOptions tls = Trusting(root);
                tls.ClientCertificateContext = SslStreamCertificateContext.Create(client, null, offline: true);
                return tls;
            },
        });

        string first = (await SayAsync(channel)).Value;
        server.AbortConnections();
        string second = await UntilAnsweredAsync(channel);

        Assert.Equal((client.Thumbprint, client.Thumbprint), (first, second));
        Assert.Equal(server.ConnectionCount, asked);
        Assert.True(asked >= 2);
    }

    // The client may learn of the abort only by the call that it breaks.
    private static async Task<string> UntilAnsweredAsync(GrpcChannel channel)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return (await SayAsync(channel)).Value;
            }
            catch (GrpcException) when (attempt < 20)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public void An_https_channel_without_TLS_options_cannot_be_made() =>
        Assert.Throws<ArgumentException>(() => Channel(new Uri("https://localhost:1")));

    [Fact]
    public void Another_scheme_is_refused() => Assert.Throws<ArgumentException>(() => Channel(new Uri("ftp://localhost:1")));
}
