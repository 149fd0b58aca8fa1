using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ambient.ControlPlane.Serving;
using Ambient.Testing;
using Ambient.Testing.Certificates;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.ControlPlane.Serving;

public sealed class ClientCertificateCheckTests : IDisposable
{
    private const string Identity = "spiffe://cluster.local/ns/istio-system/sa/ztunnel";

    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly ManualTime _time = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_certificate_of_the_mesh_proves_its_account()
    {
        Verdict verdict = Check(_root.Issue(Identity));

        Assert.Equal(("istio-system", "ztunnel"), (verdict.Caller!.Namespace, verdict.Caller.ServiceAccount));
    }

    [Fact]
    public void A_certificate_by_way_of_an_intermediate_is_believed()
    {
        using TestAuthority intermediate = _root.CreateIntermediate();

        Assert.NotNull(Check(intermediate.Issue(Identity)).Caller);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused()
    {
        using TestAuthority other = TestAuthority.CreateRoot();

        Assert.Contains("not one of the mesh's", Check(other.Issue(Identity)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_cannot_issue_certificates()
    {
        using TestAuthority workload = TestAuthority.FromLeaf(_root.Issue("spiffe://cluster.local/ns/shop/sa/web"));

        Assert.Null(Check(workload.Issue(Identity)).Caller);
    }

    [Fact]
    public void A_certificate_outside_its_time_is_refused()
    {
        TestCertificate certificate = _root.Issue(new TestCertificateSpec
        {
            UriSans = [Identity], NotBefore = _time.GetUtcNow().AddDays(-2), NotAfter = _time.GetUtcNow().AddDays(-1),
        });

        Assert.Null(Check(certificate).Caller);
    }

    [Fact]
    public void A_certificate_for_servers_alone_is_refused() => Assert.Null(
        Check(_root.Issue(new TestCertificateSpec { UriSans = [Identity], ExtendedKeyUsages = [TestCertificateSpec.ServerAuth] })).Caller);

    [Theory]
    [InlineData("spiffe://other.domain/ns/istio-system/sa/ztunnel")]
    [InlineData("spiffe://cluster.local/ns/istio-system/sa/")]
    [InlineData("https://cluster.local/ns/istio-system/sa/ztunnel")]
    public void A_name_that_is_no_identity_of_the_mesh_is_refused(string name) => Assert.Null(Check(_root.Issue(name)).Caller);

    [Fact]
    public void Two_identities_are_none() => Assert.Null(
        Check(_root.Issue(new TestCertificateSpec { UriSans = [Identity, "spiffe://cluster.local/ns/shop/sa/web"] })).Caller);

    [Fact]
    public void Without_authorities_nobody_is_believed()
    {
        ClientCertificateCheck check = new(new FixedSource(Server(), []), "cluster.local", _time);
        using X509Certificate2 certificate = _root.Issue(Identity).ToX509();

        Assert.Contains("no authority", check.Check(certificate, []).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_cut_short_or_mutated_are_read_or_refused_and_nothing_else()
    {
        Assert.Equal([Identity], UriNames.Of(_root.Issue(Identity).ToX509()));
        byte[] encoded = X509CertificateLoader.LoadCertificate(_root.Issue(Identity).ChainDer[0]).Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17").RawData;
        Random random = new(20260303);
        for (int round = 0; round < FuzzRounds.Scale(5_000); round++)
        {
            byte[] mutated = [.. encoded.AsSpan(0, random.Next(1, encoded.Length + 1))];
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            try
            {
                Assert.All(UriNames.Read(mutated), name => Assert.True(name.Length <= encoded.Length));
            }
            catch (AsnContentException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    private Verdict Check(TestCertificate certificate)
    {
        X509Certificate2Collection intermediates = [.. certificate.ChainDer.Skip(1).Select(der => X509CertificateLoader.LoadCertificate(der))];
        using X509Certificate2 leaf = certificate.ToX509();
        return new ClientCertificateCheck(new FixedSource(Server(), [_root.Certificate]), "cluster.local", _time).Check(leaf, intermediates);
    }

    private SslStreamCertificateContext Server() => SslStreamCertificateContext.Create(_root.Issue(Identity).ToX509(), null, offline: true);

    private sealed class FixedSource(SslStreamCertificateContext server, X509Certificate2Collection roots) : ICertificateSource
    {
        public ServerCertificate Current { get; } = new(server, roots);
    }
}
