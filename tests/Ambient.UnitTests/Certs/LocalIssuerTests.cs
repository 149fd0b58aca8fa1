using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Certs;

[SuppressMessage("Interoperability", "CA1416", Justification = "File modes; these tests run on Linux alone")]
public sealed class LocalIssuerTests : IDisposable
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Issues_a_leaf_that_chains_to_the_root_and_serves_both_roles()
    {
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);

        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(certificate.ChainDer[0]);
        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(Assert.Single(certificate.RootsDer));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(leaf), string.Join("; ", Array.ConvertAll(chain.ChainStatus, status => status.StatusInformation)));
        Assert.Equal("", leaf.Subject);
        Assert.Equal(
            ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
            leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value!));
    }

    [Fact]
    public async Task Puts_exactly_one_critical_name_into_the_leaf()
    {
        var odd = new SpiffeId("Cluster.LOCAL", "shop%2f", "web~1");
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate certificate = await issuer.FetchAsync(odd, default);

        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(certificate.ChainDer[0]);
        Assert.Equal([odd.ToString()], UriNames.Read(leaf));
        Assert.True(leaf.Extensions["2.5.29.17"]!.Critical);
    }

    [Fact]
    public async Task Makes_the_validity_asked_for_and_refreshes_at_half_of_it()
    {
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);

        Assert.Equal(_time.GetUtcNow().AddHours(24), certificate.NotAfter);
        Assert.Equal(_time.GetUtcNow().AddMinutes(-2), certificate.NotBefore);
        Assert.Equal(certificate.NotBefore + ((certificate.NotAfter - certificate.NotBefore) / 2), certificate.RefreshAt);
    }

    [Fact]
    public async Task Makes_a_new_key_and_serial_each_time()
    {
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate first = await issuer.FetchAsync(Web, default);
        using WorkloadCertificate second = await issuer.FetchAsync(Web, default);

        Assert.False(first.PrivateKeyPkcs8.SequenceEqual(second.PrivateKeyPkcs8));
        Assert.NotEqual(first.Chain[0].SerialNumber, second.Chain[0].SerialNumber);
        Assert.All(first.Chain[0].SerialNumber, character => Assert.InRange(character, '0', '9'));
    }

    [Fact]
    public async Task Clears_the_key_when_disposed()
    {
        using LocalIssuer issuer = await OpenAsync();
        WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);
        Assert.True(certificate.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));

        certificate.Dispose();

        Assert.False(certificate.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("shop", "we b")]
    [InlineData("shop", "wéb")]
    [InlineData("sh/op", "web")]
    [InlineData("shop", "web\n")]
    public async Task Refuses_an_identity_that_cannot_be_a_name(string ns, string account)
    {
        using LocalIssuer issuer = await OpenAsync();

        await Assert.ThrowsAsync<CertificateFetchException>(
            async () => await issuer.FetchAsync(new SpiffeId("cluster.local", ns, account), default));
    }

    [Fact]
    public async Task Keeps_its_root_between_starts()
    {
        (await OpenAsync()).Dispose();

        byte[] before = File.ReadAllBytes(_directory[LocalRootFiles.CertificateFile]);
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);

        Assert.Equal(before, File.ReadAllBytes(_directory[LocalRootFiles.CertificateFile]));
        using X509Certificate2 root = X509Certificate2.CreateFromPem(File.ReadAllText(_directory[LocalRootFiles.CertificateFile]));
        Assert.Equal(root.RawData, certificate.RootsDer[0]);
    }

    [Fact]
    public async Task Keeps_the_key_from_other_users()
    {
        using LocalIssuer issuer = await OpenAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory[LocalRootFiles.KeyFile]));
    }

    [Fact]
    public async Task Agrees_on_one_root_when_many_start_at_once()
    {
        LocalIssuer[] issuers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => LocalIssuer.OpenAsync(
                _directory.Path, TimeSpan.FromHours(1), TimeProvider.System, default))));

        var roots = new HashSet<string>();
        foreach (LocalIssuer issuer in issuers)
        {
            using WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);
            roots.Add(Convert.ToHexString(certificate.RootsDer[0]));
            issuer.Dispose();
        }

        Assert.Single(roots);
    }

    [Fact]
    public async Task Refuses_a_key_that_others_can_read()
    {
        (await OpenAsync()).Dispose();

        File.SetUnixFileMode(_directory[LocalRootFiles.KeyFile], UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Contains("chmod 600", (await Assert.ThrowsAsync<LocalRootException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LocalRootFiles.KeyFile)]
    [InlineData(LocalRootFiles.CertificateFile)]
    public async Task Refuses_half_a_root_and_says_what_to_do(string missing)
    {
        (await OpenAsync()).Dispose();

        File.Delete(_directory[missing]);

        LocalRootException failure = await Assert.ThrowsAsync<LocalRootException>(OpenAsync);
        Assert.Contains(missing, failure.Message, StringComparison.Ordinal);
        Assert.Contains("delete the other file", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LocalRootFiles.KeyFile)]
    [InlineData(LocalRootFiles.CertificateFile)]
    public async Task Refuses_a_file_cut_short_anywhere(string file)
    {
        (await OpenAsync()).Dispose();

        byte[] whole = File.ReadAllBytes(_directory[file]);
        int lastPemByte = whole.AsSpan().LastIndexOf((byte)'-');
        foreach (int length in new[] { 0, 1, 20, whole.Length / 2, lastPemByte })
        {
            File.WriteAllBytes(_directory[file], whole[..length]);
            await Assert.ThrowsAsync<LocalRootException>(OpenAsync);
        }
    }

    [Fact]
    public async Task Refuses_a_key_of_another_root()
    {
        using var other = new TemporaryDirectory();
        using (await OpenAsync())
        using (await LocalIssuer.OpenAsync(other.Path, TimeSpan.FromHours(1), _time, default))
        {
        }

        File.Copy(other[LocalRootFiles.KeyFile], _directory[LocalRootFiles.KeyFile], overwrite: true);

        Assert.Contains("do not belong together", (await Assert.ThrowsAsync<LocalRootException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_root_that_has_expired()
    {
        (await OpenAsync()).Dispose();

        _time.Advance(TimeSpan.FromDays(3660));

        Assert.Contains("which is not now", (await Assert.ThrowsAsync<LocalRootException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_lets_a_leaf_outlive_its_root()
    {
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate before = await issuer.FetchAsync(Web, default);
        _time.Advance(before.Roots[0].NotAfter - _time.GetUtcNow() - TimeSpan.FromHours(1));

        using WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);

        Assert.Equal(certificate.Roots[0].NotAfter, certificate.NotAfter);
        _time.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<CertificateFetchException>(async () => await issuer.FetchAsync(Web, default));
    }

    [Fact]
    public async Task Refuses_to_wrap_a_certificate_of_another_identity()
    {
        using LocalIssuer issuer = await OpenAsync();
        using WorkloadCertificate certificate = await issuer.FetchAsync(Web, default);

        CertificateFetchException failure = Assert.Throws<CertificateFetchException>(() => new WorkloadCertificate(
            new SpiffeId("cluster.local", "shop", "api"), certificate.ChainDer, certificate.PrivateKeyPkcs8, certificate.RootsDer));
        Assert.StartsWith("SanError", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no root", Assert.Throws<CertificateFetchException>(() => new WorkloadCertificate(
            Web, certificate.ChainDer, certificate.PrivateKeyPkcs8, [])).Message, StringComparison.Ordinal);
        Assert.Throws<CertificateFetchException>(() => new WorkloadCertificate(Web, [[1, 2, 3]], default, certificate.RootsDer));
    }

    [Fact]
    public void Reads_only_the_uri_names_of_a_foreign_certificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("example.com");
        names.AddUri(new Uri("spiffe://td/ns/a/sa/b"));
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(_time.GetUtcNow(), _time.GetUtcNow().AddDays(1));

        Assert.Equal(["spiffe://td/ns/a/sa/b"], UriNames.Read(certificate));
    }

    private Task<LocalIssuer> OpenAsync() => LocalIssuer.OpenAsync(_directory.Path, TimeSpan.FromHours(24), _time, default);
}
