using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Resources;
using Ambient.Testing.Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ambient.InProcessTests.Kube;

/// <summary>A small server behind real TLS: who is believed, and what it sees of us.</summary>
public sealed class ApiServerTlsTests : IAsyncLifetime
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly WebApplication _server;
    private string _seen = "";

    public ApiServerTlsTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        TestCertificate certificate = _root.Issue(new TestCertificateSpec { DnsSans = ["kube.test"] });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate.ToX509();
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task A_server_of_the_configured_authority_is_believed_and_sees_our_certificate_and_token_over_http2()
    {
        TestCertificate own = _root.Issue("spiffe://test/agent");
        ClientCertificate certificate = ClientCertificate.FromPem(Pem("CERTIFICATE", own.ChainDer[0]), Pem("PRIVATE KEY", own.KeyPkcs8), "test");
        using KubernetesClient client = New(Trust(_root), new FixedCredentials(new ClientCredential("secret-token", certificate)));

        ApiGroupList groups = await client.ReadAsync("apis", Json, CancellationToken.None);

        Assert.Equal("test.io", groups.Groups.Single().Name);
        Assert.Equal($"HTTP/2 {own.ToX509().Thumbprint} Bearer secret-token", _seen);
    }

    [Fact]
    public async Task A_server_of_another_authority_gets_no_token_and_the_error_says_what_to_check()
    {
        using TestAuthority other = TestAuthority.CreateRoot("CN=another root");
        using KubernetesClient client = New(Trust(other), new FixedCredentials(new ClientCredential("secret-token", null)));

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => client.ReadAsync("apis", Json, CancellationToken.None));

        Assert.Equal(KubernetesFailure.Unreachable, error.Failure);
        Assert.Contains("Check the certificate authority", error.Message, StringComparison.Ordinal);
        Assert.Equal("", _seen);
    }

    [Theory]
    [InlineData("other.test", false)]
    [InlineData("kube.test", true)]
    public async Task The_certificate_must_name_the_server(string name, bool isBelieved)
    {
        using KubernetesClient client = New(Trust(_root), FixedCredentials.None, name);

        Task<ApiGroupList> read = client.ReadAsync("apis", Json, CancellationToken.None);

        if (isBelieved)
        {
            Assert.Single((await read).Groups);
        }
        else
        {
            await Assert.ThrowsAsync<KubernetesException>(() => read);
        }
    }

    [Fact]
    public async Task Nothing_is_checked_where_the_configuration_says_so_and_a_redirect_leads_nowhere_even_then()
    {
        using KubernetesClient client = New(ServerTrust.Unchecked, FixedCredentials.None, "any.test");

        Assert.Single((await client.ReadAsync("apis", Json, CancellationToken.None)).Groups);
        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => client.ReadAsync("moved", Json, CancellationToken.None));

        Assert.Equal(302, (int)error.Code);
        Assert.Contains("redirect", error.Message, StringComparison.Ordinal);
    }

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<ApiGroupList> Json => ClientJson.Default.ApiGroupList;

    private static ServerTrust Trust(TestAuthority root) => ServerTrust.FromPem(Pem("CERTIFICATE", root.RootDer), "test");

    private static byte[] Pem(string label, byte[] der) => Encoding.ASCII.GetBytes(PemEncoding.WriteString(label, der));

    private KubernetesClient New(ServerTrust trust, IClientCredentials credentials, string name = "kube.test")
    {
        string address = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var configuration = new KubernetesConfiguration(new Uri(address)) { Trust = trust, Credentials = credentials, TlsServerName = name };
        return new KubernetesClient(configuration, new KubernetesClientOptions(), TimeProvider.System);
    }

    private Task AnswerAsync(HttpContext context)
    {
        _seen = $"{context.Request.Protocol} {context.Connection.ClientCertificate?.Thumbprint} {context.Request.Headers.Authorization}";
        if (context.Request.Path == "/moved")
        {
            context.Response.Redirect("/apis");
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync("""{"groups":[{"name":"test.io","versions":null}]}""", context.RequestAborted);
    }
}
