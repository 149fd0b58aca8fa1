using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ambient.ApiServer.Tokens;
using Ambient.ControlPlane;
using Ambient.ControlPlane.Serving;
using Ambient.Mesh.State;
using Ambient.Testing.Certificates;
using Ambient.Testing.Certs;
using Ambient.Xds;
using Ambient.InProcessTests.Xds;

namespace Ambient.InProcessTests.ControlPlane;

public sealed class SecureDiscoveryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = TestAuthority.CreateRoot();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_node_with_a_token_for_us_is_served_in_TLS()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        await rig.WritePodAsync("web", "10.0.0.1");
        ControlPlaneApp app = await rig.ServeAsync(certificate: WriteCertificate());
        (XdsClient client, MeshStore store, _) = rig.Connect(app.SecureAddress!, Token(rig, "istio-ca", "node-1"), () => Trusting(null));

        await client.Ready.WaitAsync(Patience);

        Assert.True(ControlPlaneRig.HasPod(store.Current, "web"));
    }

    [Theory]
    [InlineData("someone-else", "node-1", "authentication failure")]
    [InlineData("istio-ca", "node-2", "its credential proves")]
    public async Task A_token_for_another_or_of_another_node_is_refused(string audience, string node, string reason)
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        ControlPlaneApp app = await rig.ServeAsync(certificate: WriteCertificate());
        (_, MeshStore store, RecordedXdsEvents events) = rig.Connect(app.SecureAddress!, Token(rig, audience, node), () => Trusting(null));

        (_, string detail, _) = await events.NextEndAsync();

        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.Equal(0, store.Current.WorkloadCount);
    }

    [Fact]
    public async Task Without_a_credential_nobody_is_served_in_TLS()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        ControlPlaneApp app = await rig.ServeAsync(certificate: WriteCertificate());
        (_, _, RecordedXdsEvents events) = rig.Connect(app.SecureAddress!, tls: () => Trusting(null));

        (_, string detail, _) = await events.NextEndAsync();

        Assert.Contains(CallerAuthenticator.OpaqueMessage, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("token", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_by_way_of_an_intermediate_proves_who_a_node_is()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        ControlPlaneApp app = await rig.ServeAsync(certificate: WriteCertificate());
        using TestAuthority intermediate = _authority.CreateIntermediate();
        TestCertificate certificate = intermediate.Issue("spiffe://cluster.local/ns/istio-system/sa/ztunnel");
        (XdsClient client, _, _) = rig.Connect(app.SecureAddress!, tls: () => Trusting(certificate));

        await client.Ready.WaitAsync(Patience);
    }

    [Fact]
    public void A_renewed_certificate_is_used_and_one_that_cannot_be_read_is_not()
    {
        List<(string Message, Exception? Error)> told = [];
        FileCertificateSource source = new(WriteCertificate(), (message, error) => told.Add((message, error)), TimeProvider.System);
        string first = source.Current.Context.TargetCertificate.Thumbprint;
        source.Refresh();
        Assert.Empty(told);

        File.WriteAllText(_directory["key.pem"], "nothing");
        source.Refresh();
        Assert.Equal(first, source.Current.Context.TargetCertificate.Thumbprint);
        Assert.NotNull(Assert.Single(told).Error);

        WriteCertificate();
        source.Refresh();
        Assert.NotEqual(first, source.Current.Context.TargetCertificate.Thumbprint);
        Assert.Null(told[^1].Error);
    }

    private static string Token(ControlPlaneRig rig, string audience, string node) => rig.Api.Tokens.Issue(
        new TokenOwner("istio-system", "ztunnel", audience, TimeProvider.System.GetUtcNow().AddHours(1)) { PodName = "ztunnel-1", NodeName = node });

    private CertificateFiles WriteCertificate()
    {
        _authority.Issue(new TestCertificateSpec { DnsSans = ["istiod.istio-system.svc"] }).WritePem(_directory.Path);
        return new CertificateFiles(_directory["chain.pem"], _directory["key.pem"], _directory["roots.pem"]);
    }

    private SslClientAuthenticationOptions Trusting(TestCertificate? certificate) => new()
    {
        TargetHost = "istiod.istio-system.svc",
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _authority.Certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        },
        ClientCertificateContext = certificate is null
            ? null
            : SslStreamCertificateContext.Create(
                certificate.ToX509(), [.. certificate.ChainDer.Skip(1).Select(der => X509CertificateLoader.LoadCertificate(der))], offline: true),
    };
}
