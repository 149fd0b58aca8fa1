using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Certs.Revocation;
using Ambient.Testing.Certs;
using Ambient.Testing.Namespaces;
using Ambient.Tls;

namespace Ambient.InProcessTests.Certs;

/// <summary>Lists made by <c>openssl ca</c>, as an operator with a root of their own makes them, for EC and RSA authorities.</summary>
public sealed class OpenSslRevocationTests : IDisposable
{
    private const string Configuration = """
        [ca]
        default_ca = test
        [test]
        database = index.txt
        serial = serial
        new_certs_dir = .
        default_md = sha256
        default_days = 30
        default_crl_days = 30
        policy = any
        unique_subject = no
        [any]
        commonName = optional
        [req]
        distinguished_name = name
        [name]
        [authority]
        basicConstraints = critical, CA:true
        keyUsage = critical, keyCertSign, cRLSign
        [leaf]
        subjectAltName = critical, URI:spiffe://cluster.local/ns/shop/sa/web
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("EC", "ec_paramgen_curve:P-256", "pem")]
    [InlineData("EC", "ec_paramgen_curve:P-384", "der")]
    [InlineData("RSA", "rsa_keygen_bits:2048", "pem")]
    public async Task A_list_of_openssl_revokes_the_leaf_that_it_names_and_no_other(string algorithm, string parameter, string form)
    {
        await MakeRootAsync(algorithm, parameter);
        byte[] revoked = await IssueAsync("revoked", "leaf", "root");
        byte[] spared = await IssueAsync("spared", "leaf", "root");
        await OpenSslAsync("ca", "-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem", "-revoke", "revoked.pem", "-crl_reason", "keyCompromise");
        var watch = new RevocationWatch();

        watch.Load(await ListAsync("root", form));

        Assert.NotNull(watch.Check(Peer(revoked), TlsRole.Client));
        Assert.Null(watch.Check(Peer(spared), TlsRole.Client));
        Assert.Equal((1, 1), (watch.ListCount, watch.EntryCount));
    }

    [Fact]
    public async Task A_list_of_openssl_revokes_an_intermediate_and_with_it_everything_below()
    {
        await MakeRootAsync("EC", "ec_paramgen_curve:P-256");
        byte[] intermediate = await IssueAsync("middle", "authority", "root");
        byte[] below = await IssueAsync("below", "leaf", "middle");
        byte[] beside = await IssueAsync("beside", "leaf", "root");
        await OpenSslAsync("ca", "-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem", "-revoke", "middle.pem");
        var watch = new RevocationWatch();

        watch.Load(await ListAsync("root", "pem"));

        Assert.NotNull(watch.Check(Peer(below, intermediate), TlsRole.Server));
        Assert.Null(watch.Check(Peer(beside), TlsRole.Server));
    }

    private TlsPeer Peer(params byte[][] chain) => new(chain[0], [], [.. chain, Der("root")]);

    private async Task MakeRootAsync(string algorithm, string parameter)
    {
        await File.WriteAllTextAsync(_directory["ca.cnf"], Configuration);
        await File.WriteAllTextAsync(_directory["index.txt"], "");
        await File.WriteAllTextAsync(_directory["serial"], "8F00000000000001\n");
        await OpenSslAsync("req", "-x509", "-config", "ca.cnf", "-extensions", "authority", "-newkey", algorithm, "-pkeyopt", parameter, "-nodes",
            "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=root", "-days", "30");
    }

    private async Task<byte[]> IssueAsync(string name, string extensions, string issuer)
    {
        await OpenSslAsync("req", "-new", "-config", "ca.cnf", "-newkey", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name);
        await OpenSslAsync("ca", "-batch", "-config", "ca.cnf", "-keyfile", issuer + ".key", "-cert", issuer + ".pem", "-extensions", extensions,
            "-in", name + ".csr", "-out", name + ".pem", "-notext");
        return Der(name);
    }

    private async Task<byte[]> ListAsync(string issuer, string form)
    {
        await OpenSslAsync("ca", "-config", "ca.cnf", "-keyfile", issuer + ".key", "-cert", issuer + ".pem", "-gencrl", "-out", "list.pem");
        await OpenSslAsync("crl", "-in", "list.pem", "-outform", form, "-out", "list");
        return await File.ReadAllBytesAsync(_directory["list"]);
    }

    private byte[] Der(string name)
    {
        string pem = File.ReadAllText(_directory[name + ".pem"]);
        PemFields fields = PemEncoding.Find(pem);
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(pem[fields.Base64Data]));
        return certificate.RawData;
    }

    private async Task OpenSslAsync(params string[] arguments) =>
        await Command.RunAsync("sh", ["-c", "cd \"$0\" && exec openssl \"$@\"", _directory.Path, .. arguments]);
}
