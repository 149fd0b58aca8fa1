using System.Text;
using Ambient.Kube.Configuration;
using Ambient.Testing;
using Ambient.Testing.Certificates;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Kube.Configuration;

public sealed class KubeconfigTests : IDisposable
{
    private const string Good = """
        apiVersion: v1
        kind: Config
        current-context: dev
        clusters:
        - name: one
          cluster:
            server: https://one.test:6443/prefix
            insecure-skip-tls-verify: true
            tls-server-name: kube.test
            proxy-url: socks5://proxy.test:1080
        - {name: two, cluster: {server: "https://two.test"}}
        users:
        - name: web
          user: {token: secret-token}
        contexts:
        - name: dev
          context: {cluster: one, user: web, namespace: shop}
        - name: other
          context: {cluster: two}
        """;

    private readonly TemporaryDirectory _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_current_context_says_where_who_and_in_which_namespace()
    {
        KubernetesConfiguration read = Load(Good);

        Assert.Equal("https://one.test:6443/prefix", read.Server.AbsoluteUri);
        Assert.Equal(("shop", "kube.test", "socks5://proxy.test:1080/"), (read.Namespace, read.TlsServerName, read.Proxy!.AbsoluteUri));
        Assert.Same(ServerTrust.Unchecked, read.Trust);
        Assert.Equal("secret-token", (await read.Credentials.GetAsync(CancellationToken.None)).Token);
    }

    [Fact]
    public async Task Another_context_may_be_asked_for_and_may_have_no_user()
    {
        KubernetesConfiguration read = Load(Good, "other");

        Assert.Equal(("https://two.test/", "default"), (read.Server.AbsoluteUri, read.Namespace));
        Assert.Same(ServerTrust.System, read.Trust);
        Assert.Null((await read.Credentials.GetAsync(CancellationToken.None)).Token);
    }

    [Fact]
    public void Of_several_files_the_first_that_names_an_entry_holds_and_missing_ones_do_not_matter()
    {
        Write("a", "clusters:\n- {name: one, cluster: {server: 'https://first.test'}}\n");
        Write("b", Good);
        var source = new ConfigurationSource { Environment = name => name == "KUBECONFIG" ? $"{_folder["none"]}:{_folder["a"]}:{_folder["b"]}" : null };

        KubernetesConfiguration read = source.Load(_time);

        Assert.Equal("https://first.test/", read.Server.AbsoluteUri);
        Assert.Equal("shop", read.Namespace);
    }

    [Fact]
    public async Task Paths_are_meant_from_the_folder_of_the_file_and_files_are_read_again()
    {
        using TestAuthority root = TestAuthority.CreateRoot();
        TestCertificate first = root.Issue("spiffe://x/first");
        File.WriteAllText(_folder["ca.pem"], Pem("CERTIFICATE", root.RootDer));
        WriteCertificate(first);
        File.WriteAllText(_folder["token"], "one\n");
        KubernetesConfiguration read = Load("""
            current-context: c
            clusters: [{name: k, cluster: {server: "https://k.test", certificate-authority: ca.pem}}]
            users: [{name: u, user: {client-certificate: cert.pem, client-key: key.pem, tokenFile: token}}]
            contexts: [{name: c, context: {cluster: k, user: u}}]
            """);
        ClientCredential before = await read.Credentials.GetAsync(CancellationToken.None);
        Assert.Same(before, await read.Credentials.GetAsync(CancellationToken.None));

        TestCertificate second = root.Issue("spiffe://x/second");
        WriteCertificate(second);
        File.WriteAllText(_folder["token"], "two\n");
        _time.Advance(TimeSpan.FromMinutes(1));
        ClientCredential after = await read.Credentials.GetAsync(CancellationToken.None);

        Assert.Equal((first.ToX509().Thumbprint, "one"), (before.Certificate!.Leaf.Thumbprint, before.Token));
        Assert.Equal((second.ToX509().Thumbprint, "two"), (after.Certificate!.Leaf.Thumbprint, after.Token));
    }

    [Theory]
    [InlineData("clusters: x", "clusters must be a list")]
    [InlineData("clusters: [x]", "clusters[0] must be a mapping")]
    [InlineData("clusters: [{cluster: {}}]", "clusters[0].name is missing")]
    [InlineData("clusters: [{name: one}]", "clusters[0].cluster.server is missing")]
    [InlineData("clusters: [{name: one, cluster: {server: nowhere}}]", "clusters[0].cluster.server must be a URL")]
    [InlineData("clusters: [{name: one, cluster: {server: 'https://x', insecure-skip-tls-verify: perhaps}}]", "insecure-skip-tls-verify must be true or false")]
    [InlineData("clusters: [{name: one, cluster: {server: 'https://x', certificate-authority-data: '!'}}]", "certificate-authority-data is not base64")]
    [InlineData("clusters: [{name: one, cluster: {server: 'https://x', certificate-authority-data: aGFsbG8=}}]", "certificate-authority-data holds no certificate")]
    [InlineData("clusters: [{name: one, cluster: {server: 'https://x', certificate-authority: gone.pem}}]", "gone.pem cannot be read")]
    [InlineData("users: [{name: web, user: {client-certificate-data: eA==}}]", "users[0].user.client-key is missing")]
    [InlineData("users: [{name: web, user: {username: u, password: p}}]", "users[0].user.username is not supported")]
    [InlineData("users: [{name: web, user: {auth-provider: {name: gcp}}}]", "users[0].user.auth-provider is not supported")]
    [InlineData("users: [{name: web, user: {as: admin}}]", "users[0].user.as is not supported")]
    [InlineData("users: [{name: web, user: {token: 'a b'}}]", "users[0].user.token must be one word")]
    [InlineData("users: [{name: web, user: {exec: {apiVersion: v0, command: x}}}]", "users[0].user.exec.apiVersion must be")]
    [InlineData("users: [{name: web, user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}]", "users[0].user.exec.command is missing")]
    [InlineData("users: [{name: web, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}}]", "nobody can be asked")]
    [InlineData("contexts: [{name: dev, context: {cluster: three}}]", "there is no cluster 'three'; there are: one, two")]
    [InlineData("current-context: prod", "there is no context 'prod'; there are: dev, other")]
    [InlineData("kind: Pod", "kind must be Config")]
    [InlineData("- a", "is not a kubeconfig")]
    [InlineData("a: &x 1\nb: *x", "aliases")]
    [InlineData("a: 1\na: 2", "'a' is there twice")]
    [InlineData("a: [", "is not YAML: line")]
    public void What_is_wrong_is_told_with_file_and_field(string wrong, string message)
    {
        Write("wrong", wrong);
        Write("good", Good);
        var source = new ConfigurationSource { Environment = name => name == "KUBECONFIG" ? $"{_folder["wrong"]}:{_folder["good"]}" : null };

        KubernetesConfigurationException error = Assert.Throws<KubernetesConfigurationException>(() => source.Load(_time));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_all_is_told_with_what_to_do()
    {
        var source = new ConfigurationSource { Environment = _ => null };

        Assert.Contains("--kubeconfig", Assert.Throws<KubernetesConfigurationException>(() => source.Load(_time)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_changed_at_random_are_an_error_or_a_configuration_and_never_anything_else()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        var random = new Random(4711);
        int refused = 0;
        for (int round = 0; round < FuzzRounds.Scale(5000); round++)
        {
            try
            {
                KubeconfigResolver.Resolve(Kubeconfig.Parse(Encoding.UTF8.GetString(Mutation.Of(good, random)), "fuzz"), null, _time);
            }
            catch (KubernetesConfigurationException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000, $"{refused} refused");
    }

    [Fact]
    public void A_text_nested_without_end_is_refused() =>
        Assert.Contains("nested deeper", Assert.Throws<KubernetesConfigurationException>(() => Kubeconfig.Parse(new string('[', 1000), "x")).Message, StringComparison.Ordinal);

    private KubernetesConfiguration Load(string text, string? context = null)
    {
        Write("config", text);
        return new ConfigurationSource { KubeconfigPath = _folder["config"], Context = context }.Load(_time);
    }

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);

    private void WriteCertificate(TestCertificate certificate)
    {
        File.WriteAllText(_folder["cert.pem"], string.Concat(certificate.ChainDer.Select(der => Pem("CERTIFICATE", der))));
        File.WriteAllText(_folder["key.pem"], Pem("PRIVATE KEY", certificate.KeyPkcs8));
    }

    private static string Pem(string label, byte[] der) => System.Security.Cryptography.PemEncoding.WriteString(label, der) + "\n";
}
