using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Ambient.Certs;
using Ambient.Certs.Authority;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certificates;
using Ambient.Testing.Certs;
using Ambient.Tls;
using Ambient.Ztunnel.ControlPlane;

namespace Ambient.InProcessTests.Certs;

/// <summary>node-proxy 5.1 to 5.4 and 11.9 against an authority over TLS: good answers, wrong ones, and none.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class CaClientTests : IAsyncLifetime
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");

    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _meshRoot = TestAuthority.CreateRoot("CN=mesh");
    private readonly TestAuthority _serverRoot = TestAuthority.CreateRoot("CN=servers");
    private readonly List<string> _refusedTrust = [];
    private TestAuthority _intermediate = null!;
    private TestCa _ca = null!;
    private X509Certificate2 _serverCertificate = null!;

    public async Task InitializeAsync()
    {
        _intermediate = _meshRoot.CreateIntermediate();
        _serverCertificate = TestCa.ServerCertificate(_serverRoot, "localhost");
        _ca = await TestCa.StartAsync(_intermediate, _serverCertificate);
        File.WriteAllText(_directory["token"], "first\n");
        File.WriteAllText(_directory["roots.pem"], TestCa.Pem(_serverRoot.RootDer));
    }

    public async Task DisposeAsync()
    {
        await _ca.DisposeAsync();
        _serverCertificate.Dispose();
        _intermediate.Dispose();
        _serverRoot.Dispose();
        _meshRoot.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_certificate_is_asked_for_as_istiod_expects_and_comes_with_chain_key_and_roots()
    {
        using CaClient client = Client(options => options with { Validity = TimeSpan.FromHours(2) });

        using WorkloadCertificate certificate = await client.FetchAsync(Web, default);

        TestCaRequest request = Assert.Single(_ca.Requests);
        Assert.Equal((Web.ToString(), Web.ToString(), 7200), (request.Identity, request.Impersonated, request.ValiditySeconds));
        Assert.Equal(("Bearer first", "cluster-1", "yes"), (request.Headers["authorization"], request.Headers["clusterid"], request.Headers["x-extra"]));
        Assert.Equal(2, certificate.ChainDer.Count);
        Assert.Equal(_meshRoot.RootDer, Assert.Single(certificate.RootsDer));
        Assert.InRange(certificate.NotAfter - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        certificate.CreateCredentials(TlsOptions.Default).Dispose();
    }

    [Fact]
    public async Task Every_request_has_a_key_of_its_own_and_they_share_a_connection()
    {
        using CaClient client = Client();

        WorkloadCertificate[] certificates = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => client.FetchAsync(Web with { ServiceAccount = $"sa{i}" }, default).AsTask()));

        Assert.Equal(8, _ca.Requests.Select(request => Convert.ToHexString(request.Key.EncodedKeyValue.RawData)).Distinct().Count());
        Assert.Equal(8, certificates.Select(certificate => certificate.Identity).Distinct().Count());
        Array.ForEach(certificates, certificate => certificate.Dispose());
    }

    [Fact]
    public async Task A_dedicated_proxy_impersonates_nobody()
    {
        using CaClient client = Client(options => options with { Impersonates = false });

        (await client.FetchAsync(Web, default)).Dispose();

        Assert.Null(Assert.Single(_ca.Requests).Impersonated);
    }

    [Fact]
    public async Task Every_certificate_of_the_last_element_is_a_root()
    {
        _ca.Script = (request, _) => Answer([.. _ca.Issue(request).SkipLast(1), TestCa.Pem(_meshRoot.RootDer) + "# the next one\n" + TestCa.Pem(_serverRoot.RootDer)]);
        using CaClient client = Client();

        using WorkloadCertificate certificate = await client.FetchAsync(Web, default);

        Assert.Equal([_meshRoot.RootDer, _serverRoot.RootDer], certificate.RootsDer);
    }

    [Theory]
    [InlineData("nothing", "EmptyResponse")]
    [InlineData("leaf only", "no root certificate present")]
    [InlineData("no roots in the last element", "no root certificate present")]
    [InlineData("another identity", "SanError")]
    [InlineData("another key", "another key than the one of the request")]
    [InlineData("garbage", "holds no certificate")]
    [InlineData("broken leaf", "does not parse")]
    [InlineData("broken root", "does not parse")]
    [InlineData("many elements", "too large")]
    [InlineData("many roots", "more than 256 roots")]
    [InlineData("huge", "too large")]
    public async Task A_wrong_answer_is_refused_with_its_reason(string what, string reason)
    {
        _ca.Script = (request, _) => Answer(Wrong(what, request));
        using CaClient client = Client();

        CertificateFetchException failure = await FailAsync(client);

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, "CA_TRUSTED_NODE_ACCOUNTS")]
    [InlineData(7, "CA_TRUSTED_NODE_ACCOUNTS")]
    [InlineData(12, "is no certificate authority")]
    [InlineData(8, "overloaded")]
    [InlineData(13, "see its log")]
    public async Task A_refusal_carries_the_authoritys_words_on_one_line_and_the_next_step(int status, string step)
    {
        _ca.Script = (_, call) =>
        {
            call.Finish(status, "no such pod%0Ahere");
            return Answer(null);
        };
        using CaClient client = Client();

        CertificateFetchException failure = await FailAsync(client);

        Assert.Contains(step, failure.Message, StringComparison.Ordinal);
        Assert.Contains("no such pod here", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_does_not_answer_is_given_up_at_the_deadline()
    {
        _ca.Script = async (_, call) =>
        {
            await call.WaitUntilAbortedAsync();
            return null;
        };
        using CaClient client = Client(options => options with { Deadline = TimeSpan.FromMilliseconds(300) });

        Assert.Contains("did not answer within 0.3 s", (await FailAsync(client)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_away_is_named_and_asked_again_once_it_is_back()
    {
        int port = _ca.Address.Port;
        using CaClient client = Client();
        await _ca.DisposeAsync();

        Assert.Contains($"cannot reach the authority at https://localhost:{port}", (await FailAsync(client)).Message, StringComparison.Ordinal);

        _ca = await TestCa.StartAsync(_intermediate, _serverCertificate, port);
        (await client.FetchAsync(Web, default)).Dispose();
    }

    [Fact]
    public async Task The_token_is_read_again_for_each_request()
    {
        using CaClient client = Client();
        (await client.FetchAsync(Web, default)).Dispose();
        File.WriteAllText(_directory["token"], "second");
        (await client.FetchAsync(Web, default)).Dispose();

        Assert.Equal(["Bearer first", "Bearer second"], _ca.Requests.Select(request => request.Headers["authorization"]));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("secret\r\nx-evil: 1", "does not hold a token")]
    public async Task A_token_file_without_a_token_is_an_error_that_does_not_show_it(string content, string reason)
    {
        File.WriteAllText(_directory["token"], content);
        using CaClient client = Client();

        CertificateFetchException failure = await FailAsync(client);

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_ca.Requests);
    }

    [Fact]
    public async Task A_token_may_be_given_in_place_and_may_be_missing()
    {
        using CaClient literal = Client(options => options with { Headers = new CallHeaders("literal", "c", new Dictionary<string, string>()).ReadAsync });
        using CaClient without = Client(options => options with { Headers = new CallHeaders(null, "c", new Dictionary<string, string>()).ReadAsync });
        (await literal.FetchAsync(Web, default)).Dispose();
        (await without.FetchAsync(Web, default)).Dispose();

        Assert.Equal("Bearer literal", _ca.Requests[0].Headers["authorization"]);
        Assert.DoesNotContain("authorization", _ca.Requests[1].Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("clusterid", _ca.Requests[1].Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Changed_roots_are_used_by_the_next_request_and_unusable_ones_leave_the_channel_as_it_is()
    {
        using TestAuthority nextRoot = TestAuthority.CreateRoot("CN=next servers");
        using X509Certificate2 nextCertificate = TestCa.ServerCertificate(nextRoot, "localhost");
        int port = _ca.Address.Port;
        using CaClient client = Client();
        (await client.FetchAsync(Web, default)).Dispose();

        File.WriteAllText(_directory["roots.pem"], "half a fi");
        (await client.FetchAsync(Web, default)).Dispose();
        Assert.Contains("holds no certificate", Assert.Single(_refusedTrust), StringComparison.Ordinal);

        await _ca.DisposeAsync();
        _ca = await TestCa.StartAsync(_intermediate, nextCertificate, port);
        Assert.Contains("CA_ROOT_CA", (await FailAsync(client)).Message, StringComparison.Ordinal);

        File.WriteAllText(_directory["roots.pem"], TestCa.Pem(nextRoot.RootDer));
        (await client.FetchAsync(Web, default)).Dispose();
    }

    [Fact]
    public async Task Without_the_file_of_roots_nothing_is_sent()
    {
        File.Delete(_directory["roots.pem"]);
        using CaClient client = Client();

        Assert.Contains("CA_ROOT_CA: there is no file", (await FailAsync(client)).Message, StringComparison.Ordinal);

        File.WriteAllText(_directory["roots.pem"], TestCa.Pem(_serverRoot.RootDer));
        (await client.FetchAsync(Web, default)).Dispose();
        Assert.Single(_ca.Requests);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("other.example", false)]
    [InlineData("istiod.istio-system.svc", true)]
    public async Task The_servers_name_must_be_that_of_the_address_or_the_alternative_one(string? alternative, bool isAccepted)
    {
        await _ca.DisposeAsync();
        using X509Certificate2 certificate = TestCa.ServerCertificate(_serverRoot, "istiod.istio-system.svc");
        _ca = await TestCa.StartAsync(_intermediate, certificate);
        using CaClient client = Client(options => options with { Trust = Trust(_directory["roots.pem"], alternative) });

        if (isAccepted)
        {
            (await client.FetchAsync(Web, default)).Dispose();
        }
        else
        {
            Assert.Contains("is not for localhost", (await FailAsync(client)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Roots_may_be_given_in_place_and_those_of_the_system_do_not_know_the_test_server()
    {
        using CaClient inline = Client(options => options with { Trust = Trust(TestCa.Pem(_serverRoot.RootDer), null) });
        using CaClient system = Client(options => options with { Trust = Trust("SYSTEM", null) });

        (await inline.FetchAsync(Web, default)).Dispose();

        Assert.Contains("the server's certificate was refused", (await FailAsync(system)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_no_longer_wanted_is_cancelled()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ca.Script = async (_, call) =>
        {
            asked.SetResult();
            await call.WaitUntilAbortedAsync();
            aborted.SetResult();
            return null;
        };
        using CaClient client = Client();
        using var cancellation = new CancellationTokenSource();
        Task fetching = client.FetchAsync(Web, cancellation.Token).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static Task<IReadOnlyList<string>?> Answer(IReadOnlyList<string>? elements) => Task.FromResult(elements);

    private static async Task<CertificateFetchException> FailAsync(CaClient client) =>
        await Assert.ThrowsAsync<CertificateFetchException>(async () => await client.FetchAsync(Web, default));

    private static ServerTrust Trust(string roots, string? alternative) => new("CA_ROOT_CA", roots, "localhost", alternative);

    private CaClient Client(Func<CaClientOptions, CaClientOptions>? change = null)
    {
        var headers = new CallHeaders(_directory["token"], "cluster-1", new Dictionary<string, string> { ["x-extra"] = "yes" });
        CaClientOptions options = new()
        {
            Address = _ca.Address,
            Trust = Trust(_directory["roots.pem"], null),
            Headers = headers.ReadAsync,
            TrustRefused = _refusedTrust.Add,
        };
        return new CaClient(change is null ? options : change(options));
    }

    private IReadOnlyList<string> Wrong(string what, TestCaRequest request)
    {
        IReadOnlyList<string> good = _ca.Issue(request);
        const string broken = "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n";
        return what switch
        {
            "nothing" => [],
            "leaf only" => [good[0]],
            "no roots in the last element" => [good[0], "# none"],
            "another identity" => [TestCa.Pem(_meshRoot.Certify(request.Key, OtherName(), TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1))[0]), good[^1]],
            "another key" => [TestCa.Pem(_meshRoot.Issue(Web.ToString()).ChainDer[0]), good[^1]],
            "garbage" => ["what", "ever"],
            "broken leaf" => [broken, good[^1]],
            "broken root" => [.. good.SkipLast(1), broken],
            "many elements" => [.. Enumerable.Repeat(good[0], 40)],
            "many roots" => [good[0], string.Concat(Enumerable.Repeat(good[^1], 257))],
            "huge" => [good[0], new string('x', (4 * 1024 * 1024) + 1)],
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static X509Extension OtherName()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("spiffe://cluster.local/ns/shop/sa/other"));
        return names.Build(critical: true);
    }
}
