using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Testing.Certificates;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Kube.Configuration;

public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly WatchedTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pod_reads_its_service_account_and_follows_the_rotation_of_the_token()
    {
        using TestAuthority root = TestAuthority.CreateRoot();
        File.WriteAllText(_folder["ca.crt"], root.Certificate.ExportCertificatePem());
        File.WriteAllText(_folder["namespace"], "istio-system");
        File.WriteAllText(_folder["token"], "first");
        var source = new ConfigurationSource { ServiceAccountDirectory = _folder.Path, Environment = InPod };
        KubernetesConfiguration read = source.Load(_time);
        Assert.Equal(("https://[fd00::1]/", "istio-system"), (read.Server.AbsoluteUri, read.Namespace));
        Assert.Equal("first", await TokenAsync(read.Credentials));

        File.WriteAllText(_folder["token"], "second");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("first", await TokenAsync(read.Credentials));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("second", await TokenAsync(read.Credentials));
    }

    [Fact]
    public async Task A_401_makes_the_file_be_read_at_once_and_the_request_be_sent_again()
    {
        File.WriteAllText(_folder["token"], "first");
        var api = new ScriptedApi();
        using KubernetesClient client = api.Client(_time, credentials: new TokenFileCredentials(_folder["token"], _time));
        Task<Thing> get = client.GetAsync(Thing.Type, new ObjectName("ns", "a"), CancellationToken.None);
        ScriptedCall refused = await api.TakeAsync();
        File.WriteAllText(_folder["token"], "second");
        refused.Refuse(401, "Unauthorized");

        ScriptedCall again = await api.TakeAsync();
        again.Answer(Thing.Text("a", "1"));

        Assert.Equal(("first", "second"), (refused.Token, again.Token));
        Assert.Equal("a", (await get).Metadata.Name);
    }

    [Fact]
    public async Task A_token_stays_in_force_while_its_file_is_gone()
    {
        File.WriteAllText(_folder["token"], "first");
        var credentials = new TokenFileCredentials(_folder["token"], _time);
        await TokenAsync(credentials);
        File.Delete(_folder["token"]);
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("first", await TokenAsync(credentials));
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "nothing")]
    [InlineData("two words", "more than one word")]
    public async Task A_file_that_never_held_a_token_is_told_by_its_path(string? content, string message)
    {
        if (content is not null)
        {
            File.WriteAllText(_folder["token"], content);
        }

        var api = new ScriptedApi();
        using KubernetesClient client = api.Client(_time, credentials: new TokenFileCredentials(_folder["token"], _time));

        KubernetesException error = await Assert.ThrowsAsync<KubernetesException>(() => client.GetAsync(Thing.Type, new ObjectName("ns", "a"), CancellationToken.None));

        Assert.Equal(KubernetesFailure.NoCredential, error.Failure);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["token"], error.Message, StringComparison.Ordinal);
        Assert.False(api.HasCall);
    }

    private static string? InPod(string name) => name switch
    {
        "KUBERNETES_SERVICE_HOST" => "fd00::1",
        "KUBERNETES_SERVICE_PORT" => "443",
        _ => null,
    };

    private static async Task<string?> TokenAsync(IClientCredentials credentials) => (await credentials.GetAsync(CancellationToken.None)).Token;
}
