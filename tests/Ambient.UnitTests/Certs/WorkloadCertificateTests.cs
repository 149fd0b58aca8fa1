using System.Security.Cryptography;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;
using Ambient.Tls;

namespace Ambient.UnitTests.Certs;

public sealed class WorkloadCertificateTests
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");

    [Fact]
    public async Task Makes_credentials_while_it_has_its_key_and_never_after()
    {
        using var directory = new TemporaryDirectory();
        using LocalIssuer issuer = await LocalIssuer.OpenAsync(directory.Path, TimeSpan.FromHours(1), TimeProvider.System, default);
        WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);
        using TlsCredentials credentials = certificate.CreateCredentials(TlsOptions.Default);

        certificate.Dispose();

        Assert.Throws<CryptographicException>(() => certificate.CreateCredentials(TlsOptions.Default));
    }

    [Fact]
    public async Task Refuses_a_key_that_is_not_the_leafs_when_credentials_are_made()
    {
        using var directory = new TemporaryDirectory();
        using LocalIssuer issuer = await LocalIssuer.OpenAsync(directory.Path, TimeSpan.FromHours(1), TimeProvider.System, default);
        using WorkloadCertificate first = await issuer.FetchAsync(Web, default);
        using WorkloadCertificate second = await issuer.FetchAsync(Web, default);
        using var mixed = new WorkloadCertificate(Web, first.ChainDer, second.PrivateKeyPkcs8, first.RootsDer);

        Assert.Throws<CryptographicException>(() => mixed.CreateCredentials(TlsOptions.Default));
    }
}
