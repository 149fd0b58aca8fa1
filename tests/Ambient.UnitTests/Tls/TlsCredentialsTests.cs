using System.Security.Cryptography;
using Ambient.Testing.Certificates;
using Ambient.Tls;

namespace Ambient.UnitTests.Tls;

public sealed class TlsCredentialsTests(HandshakeFixture fixture) : IClassFixture<HandshakeFixture>
{
    private TestCertificate Certificate => fixture.ServerCertificate;

    [Fact]
    public void Refuses_a_key_that_is_not_the_leafs() => AssertRefused(Certificate with { KeyPkcs8 = fixture.ClientCertificate.KeyPkcs8 });

    [Fact]
    public void Refuses_a_key_that_does_not_parse() => AssertRefused(Certificate with { KeyPkcs8 = [1, 2, 3] });

    [Fact]
    public void Refuses_an_empty_key() => AssertRefused(Certificate with { KeyPkcs8 = [] });

    [Fact]
    public void Refuses_a_certificate_that_does_not_parse() => AssertRefused(Certificate with { ChainDer = [[0x30, 0x01]] });

    [Fact]
    public void Refuses_a_certificate_with_bytes_behind_it() =>
        AssertRefused(Certificate with { ChainDer = [[.. Certificate.ChainDer[0], 0]] });

    [Fact]
    public void Refuses_an_empty_chain() => AssertRefused(Certificate with { ChainDer = [] });

    [Fact]
    public void Refuses_to_trust_nobody() => AssertRefused(Certificate with { RootsDer = [] });

    [Fact]
    public void Refuses_a_root_that_does_not_parse() => AssertRefused(Certificate with { RootsDer = [[0]] });

    [Fact]
    public void Refuses_a_weak_key_of_its_own() =>
        AssertRefused(fixture.Authority.Issue(new TestCertificateSpec { UriSans = [HandshakeFixture.ServerId], RsaBits = 1024 }));

    [Fact]
    public void Refuses_a_group_that_openssl_does_not_know() => AssertRefused(Certificate, new TlsOptions { Groups = ["X25519", "Curve1174"] });

    [Fact]
    public void Refuses_to_offer_no_suite_or_no_group()
    {
        AssertRefused(Certificate, new TlsOptions { Suites = [] });
        AssertRefused(Certificate, new TlsOptions { Groups = [] });
    }

    [Fact]
    public void Takes_a_root_twice() =>
        HandshakeFixture.Credentials(Certificate with { RootsDer = [fixture.Authority.RootDer, fixture.Authority.RootDer] }).Dispose();

    [Fact]
    public void Does_not_depend_on_the_callers_copy_of_the_key()
    {
        byte[] key = (byte[])Certificate.KeyPkcs8.Clone();
        using var credentials = new TlsCredentials(Certificate.ChainDer, key, Certificate.RootsDer);
        CryptographicOperations.ZeroMemory(key);
        using Ambient.Testing.Tls.TlsPair pair = HandshakeFixture.Run(fixture.Client, credentials);
        Assert.Equal(TlsHandshakeStatus.Completed, pair.ServerStatus);
    }

    private static void AssertRefused(TestCertificate certificate, TlsOptions? options = null) =>
        Assert.Throws<CryptographicException>(() => HandshakeFixture.Credentials(certificate, options));
}
