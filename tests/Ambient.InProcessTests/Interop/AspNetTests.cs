using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ambient.InProcessTests.Hbone;
using Ambient.Transport.Lifetime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Ambient.InProcessTests.Interop;

/// <summary>.NET's own HTTP/2 stacks: neither offers CONNECT tunnels, both must be understood.</summary>
public sealed class AspNetTests
{
    [Fact]
    public async Task SocketsHttpHandler_gets_400_for_requests_that_share_a_connection()
    {
        await using var rig = new HboneRig { OnStream = InteropAnswers.ByMethodAsync };
        using X509Certificate2 certificate = rig.Client.ToX509();
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is not null,
            },
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(index =>
            index % 2 == 0
                ? client.GetAsync(new Uri($"https://{rig.TunnelEndPoint}/"))
                : client.PostAsync(new Uri($"https://{rig.TunnelEndPoint}/"), new ByteArrayContent(new byte[100_000]))));

        Assert.All(responses, response => Assert.Equal((HttpStatusCode.BadRequest, HttpVersion.Version20), (response.StatusCode, response.Version)));
        Assert.Null((await rig.AcceptedTunnelAsync()).Failure);
    }

    [Fact]
    public async Task Kestrel_refuses_our_CONNECT_with_its_status()
    {
        await using var rig = new HboneRig();
        await using WebApplication kestrel = await StartAsync(rig, context =>
        {
            context.Response.StatusCode = context.Request.Method == "CONNECT" ? 403 : 500;
            return Task.CompletedTask;
        });
        await rig.ConnectAppAsync();

        ConnectionFailure failure = (await rig.OutboundEndAsync())!;
        Assert.Equal("http status: 403", failure.Message);
    }

    [Fact]
    public async Task A_Kestrel_application_can_be_the_far_end_of_a_tunnel()
    {
        await using var rig = new HboneRig();
        await using WebApplication kestrel = await StartAsync(rig, async context =>
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        Socket app = await rig.ConnectAppAsync();
        byte[] payload = Hbone.Bytes.Random(3_000_000, 5);
        Task sending = app.SendAndEndAsync(payload);

        Assert.Equal((payload.Length, Hbone.Bytes.HashOf(payload)), await app.HashToEndAsync());
        await sending;
        Assert.Null(await rig.OutboundEndAsync());
    }

    [Theory]
    [InlineData("http/1.1", true, FailureReason.TlsProtocol)]
    [InlineData("h2", false, FailureReason.CertificateMissing)]
    public async Task Openssl_s_client_is_refused_without_ALPN_h2_or_without_certificate(string alpn, bool withCertificate, FailureReason reason)
    {
        await using var rig = new HboneRig();
        using Ambient.Testing.Certs.TemporaryDirectory directory = new();
        rig.Client.WritePem(directory.Path);
        string[] certificate = withCertificate
            ? ["-cert", Path.Combine(directory.Path, "chain.pem"), "-key", Path.Combine(directory.Path, "key.pem")]
            : [];
        await using ForeignProgram client = ForeignProgram.Start(
            "openssl", ["s_client", "-connect", rig.TunnelEndPoint.ToString(), "-tls1_3", "-alpn", alpn, .. certificate]);

        ConnectionFailure failure = (await rig.AcceptedTunnelAsync()).Failure!;
        (_, string output, string errors) = await client.FinishAsync();

        Assert.Equal((FailurePhase.TlsHandshake, FailureSide.Downstream, reason), (failure.Phase, failure.Side, failure.Reason));
        Assert.Contains("alert", output + errors, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(HboneRig rig, RequestDelegate application)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = rig.Server.ToX509();
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = static (certificate, _, _) => certificate is not null;
                https.SslProtocols = SslProtocols.Tls13;
            });
        }));
        WebApplication web = builder.Build();
        web.Run(application);
        await web.StartAsync();
        rig.TunnelEndPoint = new IPEndPoint(IPAddress.Loopback, new Uri(web.Urls.Single()).Port);
        return web;
    }
}
