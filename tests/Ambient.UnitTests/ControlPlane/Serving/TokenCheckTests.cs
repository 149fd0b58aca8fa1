using Ambient.ControlPlane.Serving;
using Ambient.Testing.Certs;
using Ambient.UnitTests.Kube;
using Microsoft.AspNetCore.Http;

namespace Ambient.UnitTests.ControlPlane.Serving;

public sealed class TokenCheckTests : IDisposable
{
    private const string Accepted =
        """
        {"status":{"authenticated":true,"audiences":["istio-ca"],"user":{"username":"system:serviceaccount:istio-system:ztunnel",
        "groups":["system:serviceaccounts"],"extra":{"authentication.kubernetes.io/pod-name":["ztunnel-1"]}}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly ScriptedApi _api = new();
    private readonly TokenCheck _check;

    public TokenCheckTests() => _check = new TokenCheck(_api.Client(_time), ["istio-ca"], _time);

    public void Dispose()
    {
        _check.Dispose();
        _api.Dispose();
    }

    [Fact]
    public async Task A_token_is_reviewed_for_our_audience()
    {
        Task<Verdict> checking = CheckAsync("secret-token");
        ScriptedCall call = await _api.TakeAsync();
        call.Answer(Accepted);
        Verdict verdict = await checking.WaitAsync(Patience);

        Assert.Equal(("istio-system", "ztunnel", "ztunnel-1"), (verdict.Caller!.Namespace, verdict.Caller.ServiceAccount, verdict.Caller.PodName));
        Assert.Contains("\"audiences\":[\"istio-ca\"]", call.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accepted_token_is_not_asked_about_again_for_a_minute_and_then_it_is()
    {
        Task<Verdict> first = CheckAsync("secret-token");
        (await _api.TakeAsync()).Answer(Accepted);
        await first.WaitAsync(Patience);
        _time.Advance(TokenCache.Lifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull((await CheckAsync("secret-token").WaitAsync(Patience)).Caller);
        Assert.False(_api.HasCall);

        _time.Advance(TimeSpan.FromSeconds(1));
        Task<Verdict> later = CheckAsync("secret-token");
        (await _api.TakeAsync()).Answer("""{"status":{"authenticated":false,"error":"withdrawn"}}""");

        Assert.Null((await later.WaitAsync(Patience)).Caller);
    }

    [Fact]
    public async Task A_refused_token_is_asked_about_again()
    {
        Task<Verdict> first = CheckAsync("secret-token");
        (await _api.TakeAsync()).Answer("""{"status":{"authenticated":false}}""");
        Assert.Null((await first.WaitAsync(Patience)).Caller);

        Task<Verdict> second = CheckAsync("secret-token");
        (await _api.TakeAsync()).Answer(Accepted);
        Assert.NotNull((await second.WaitAsync(Patience)).Caller);
    }

    [Fact]
    public async Task A_token_that_the_server_did_not_check_for_our_audience_is_refused()
    {
        Task<Verdict> checking = CheckAsync("secret-token");
        (await _api.TakeAsync()).Answer(Accepted.Replace("[\"istio-ca\"]", "[]", StringComparison.Ordinal));
        Verdict verdict = await checking.WaitAsync(Patience);

        Assert.Null(verdict.Caller);
        Assert.Contains("istio-ca", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_refuses_with_a_reason_without_the_token()
    {
        Task<Verdict> checking = CheckAsync("secret-token");
        (await _api.TakeAsync()).Break();
        Verdict verdict = await checking.WaitAsync(Patience);

        Assert.Null(verdict.Caller);
        Assert.NotEmpty(verdict.Reason);
        Assert.DoesNotContain("secret-token", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_holds_no_more_than_its_limit()
    {
        TokenCache cache = new(_time);
        for (int index = 0; index < TokenCache.MaxEntries + 10; index++)
        {
            cache.Add($"token-{index}", new("a", "b", "", ""), _time.GetTimestamp());
        }

        Assert.Equal(TokenCache.MaxEntries, cache.Count);
        Assert.Null(cache.Find("token-0"));
        Assert.NotNull(cache.Find($"token-{TokenCache.MaxEntries + 9}"));
    }

    private Task<Verdict> CheckAsync(string token)
    {
        DefaultHttpContext context = new();
        context.Request.Headers.Authorization = "Bearer " + token;
        return _check.CheckAsync(context, CancellationToken.None);
    }
}
