using Ambient.Kube.Configuration;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Kube.Configuration;

public sealed class ExecCredentialsTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plugin_is_told_what_it_may_do_and_run_again_only_when_its_credential_expired()
    {
        IClientCredentials credentials = Plugin("""
            echo run >> "$(dirname "$0")/runs"
            printf '%s' "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info"
            runs=$(wc -l < "$(dirname "$0")/runs")
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s-%s-%s","expirationTimestamp":"2026-03-01T12:10:00Z"}}' "$1" "$COLOUR" "$runs"
            """);

        Assert.Equal("arg-green-1", await TokenAsync(credentials));
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("arg-green-1", await TokenAsync(credentials));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("arg-green-2", await TokenAsync(credentials));

        Assert.Equal(
            """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://k.test"}}}""",
            File.ReadAllText(_folder["info"]));
    }

    [Fact]
    public async Task A_credential_without_an_end_is_kept_until_it_is_rejected()
    {
        IClientCredentials credentials = Plugin("""
            echo run >> "$(dirname "$0")/runs"
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(wc -l < "$(dirname "$0")/runs" | tr -d ' ')"
            """);
        ClientCredential first = await credentials.GetAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Same(first, await credentials.GetAsync(CancellationToken.None));

        credentials.Reject(first);

        Assert.Equal("2", await TokenAsync(credentials));
    }

    [Theory]
    [InlineData("echo not signed in >&2; exit 3", "ended with 3: not signed in")]
    [InlineData("echo secret-token", "did not print an ExecCredential")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"secret-token"}}'""", "not ExecCredential of client.authentication.k8s.io/v1")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither a token nor a client certificate")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientKeyData":"secret-token"}}'""", "without its key, or a key alone")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"secret-token twice"}}'""", "not one word")]
    [InlineData("head -c 2000000 /dev/zero", "more than 1048576 bytes")]
    public async Task A_plugin_that_fails_is_told_by_its_field_and_without_its_secrets(string script, string message)
    {
        IClientCredentials credentials = Plugin(script);

        KubernetesConfigurationException error = await Assert.ThrowsAsync<KubernetesConfigurationException>(async () => await credentials.GetAsync(CancellationToken.None));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("users[0].user.exec", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_not_installed_is_told_with_its_hint()
    {
        IClientCredentials credentials = Load("no-such-plugin-anywhere");

        KubernetesConfigurationException error = await Assert.ThrowsAsync<KubernetesConfigurationException>(async () => await credentials.GetAsync(CancellationToken.None));

        Assert.Contains("install it from the shelf", error.Message, StringComparison.Ordinal);
    }

    private IClientCredentials Plugin(string script)
    {
        File.WriteAllText(_folder["plugin.sh"], "#!/bin/sh\n" + script + "\n");
        return Load("/bin/sh", _folder["plugin.sh"]);
    }

    private IClientCredentials Load(string command, string script = "-")
    {
        File.WriteAllText(_folder["config"], $$$"""
            current-context: c
            clusters: [{name: k, cluster: {server: "https://k.test"}}]
            contexts: [{name: c, context: {cluster: k, user: u}}]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: {{{command}}}
                  args: ["{{{script}}}", arg]
                  env: [{name: COLOUR, value: green}]
                  interactiveMode: IfAvailable
                  provideClusterInfo: true
                  installHint: install it from the shelf
            """);
        return new ConfigurationSource { KubeconfigPath = _folder["config"] }.Load(_time).Credentials;
    }

    private static async Task<string?> TokenAsync(IClientCredentials credentials) => (await credentials.GetAsync(CancellationToken.None)).Token;
}
