using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ambient.Certs;
using Ambient.Certs.Scheduling;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;
using Ambient.Tls;

namespace Ambient.UnitTests.Certs;

[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class CertificateStoreTests : IAsyncLifetime
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly RecordedEvents _events = new();
    private CertificateStore _store = null!;
    private LocalIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _issuer = await LocalIssuer.OpenAsync(_directory.Path, TimeSpan.FromHours(24), _time, default);
        _store = new CertificateStore(_source, _time, _events);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _issuer.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Fetches_once_for_many_waiters()
    {
        Task<CertificateResult>[] waiting = [.. Enumerable.Range(0, 50).Select(_ => _store.GetAsync(Web, default).AsTask())];
        WorkloadCertificate issued = await SucceedAsync();

        Assert.All(await Task.WhenAll(waiting), result => Assert.Same(issued, result.Certificate));
        Assert.Equal(1, _source.Count);
        Assert.Same(issued, (await _store.GetAsync(Web, default)).Certificate);
    }

    [Fact]
    public async Task Tells_every_waiter_of_the_first_failure_and_later_callers_at_once()
    {
        Task<CertificateResult> first = _store.GetAsync(Web, default).AsTask();
        Task<CertificateResult> second = _store.GetAsync(Web, default).AsTask();
        (await _source.NextAsync()).Fail("the authority is away");

        Assert.Equal("the authority is away", (await first).Failure);
        Assert.Equal("the authority is away", (await second).Failure);
        await WaitForTimerAsync();
        ValueTask<CertificateResult> later = _store.GetAsync(Web, default);
        Assert.True(later.IsCompleted);
        Assert.Equal("the authority is away", (await later).Failure);
        Assert.Equal(1, _source.Count);
        Assert.Equal(CertificatePhase.Unavailable, Assert.Single(_store.Snapshot()).Phase);
    }

    [Fact]
    public async Task Recovers_by_itself_after_a_failure()
    {
        _store.Prefetch(Web);
        (await _source.NextAsync()).Fail("away");
        await WaitForTimerAsync();
        _time.Advance(TimeSpan.FromSeconds(1.2));
        WorkloadCertificate issued = await SucceedAsync();
        await WaitForTimerAsync();

        Assert.Same(issued, (await _store.GetAsync(Web, default)).Certificate);
        Assert.Null(Assert.Single(_store.Snapshot()).LastFailure);
    }

    [Fact]
    public async Task Backs_off_by_doubling_up_to_its_bound_and_starts_over_after_a_success()
    {
        _store.Prefetch(Web);
        double expected = 1;
        for (int attempt = 0; attempt < 12; attempt++)
        {
            (await _source.NextAsync()).Fail("away");
            TimeSpan wait = await WaitForTimerAsync();
            Assert.InRange(wait.TotalSeconds, expected * 0.8, Math.Min(expected * 1.2, 150));
            expected = Math.Min(expected * 2, 150);
            _time.Advance(wait);
        }

        await SucceedAsync();
        _time.Advance(await WaitForTimerAsync());
        (await _source.NextAsync()).Fail("away again");
        Assert.InRange((await WaitForTimerAsync()).TotalSeconds, 0.8, 1.2);
    }

    [Fact]
    public async Task Renews_at_half_of_the_validity()
    {
        _store.Prefetch(Web);
        WorkloadCertificate first = await SucceedAsync();
        TimeSpan wait = await WaitForTimerAsync();
        TimeSpan latest = first.RefreshAt - _time.GetUtcNow();
        Assert.InRange(wait, latest - ((first.NotAfter - first.NotBefore) * 0.05), latest);

        _time.Advance(wait);
        WorkloadCertificate second = await SucceedAsync();
        await WaitForTimerAsync(count: 2);

        Assert.Same(second, (await _store.GetAsync(Web, default)).Certificate);
        Assert.True(first.PrivateKeyPkcs8.ContainsAnyExcept((byte)0), "a handshake may still be about to use it");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(first.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task Keeps_a_valid_certificate_when_its_renewal_fails_until_it_expires()
    {
        _store.Prefetch(Web);
        WorkloadCertificate issued = await SucceedAsync();
        _time.Advance(await WaitForTimerAsync());
        (await _source.NextAsync()).Fail("away");
        TimeSpan wait = await WaitForTimerAsync();

        Assert.Same(issued, (await _store.GetAsync(Web, default)).Certificate);
        CertificateState state = Assert.Single(_store.Snapshot());
        Assert.Equal((CertificatePhase.Available, "away"), (state.Phase, state.LastFailure));

        while (_time.GetUtcNow() < issued.NotAfter)
        {
            _time.Advance(wait);
            (await _source.NextAsync()).Fail("still away");
            wait = await WaitForTimerAsync();
            Assert.True(_time.GetUtcNow() + wait <= issued.NotAfter || _time.GetUtcNow() >= issued.NotAfter, "retries by the expiry");
        }

        CertificateResult expired = await _store.GetAsync(Web, default);
        Assert.Null(expired.Certificate);
        Assert.Equal("still away", expired.Failure);
    }

    [Fact]
    public async Task Refuses_a_certificate_that_is_not_valid_now()
    {
        ValueTask<CertificateResult> waiting = _store.GetAsync(Web, default);
        ScriptedSource.Fetch fetch = await _source.NextAsync();
        WorkloadCertificate issued = await _issuer.FetchAsync(Web, default);
        _time.Advance(TimeSpan.FromHours(25));
        fetch.Succeed(issued);

        CertificateResult result = await waiting;
        Assert.Null(result.Certificate);
        Assert.Contains("not valid now", result.Failure, StringComparison.Ordinal);
        Assert.False(issued.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public async Task Answers_waiters_of_a_forgotten_identity_and_drops_the_late_result()
    {
        Task<CertificateResult> waiting = _store.GetAsync(Web, default).AsTask();
        ScriptedSource.Fetch abandoned = await _source.NextAsync();

        _store.Forget(Web);

        Assert.Contains("forgotten", (await waiting).Failure, StringComparison.Ordinal);
        Assert.Empty(_store.Snapshot());
        ValueTask<CertificateResult> anew = _store.GetAsync(Web, default);
        abandoned.Fail("too late");
        WorkloadCertificate issued = await SucceedAsync();
        Assert.Same(issued, (await anew).Certificate);
    }

    [Fact]
    public async Task Stops_renewing_a_forgotten_identity_and_clears_its_key()
    {
        _store.Prefetch(Web);
        WorkloadCertificate issued = await SucceedAsync();
        await WaitForTimerAsync();

        _store.Forget(Web);
        _time.Advance(TimeSpan.FromDays(2));

        Assert.False(issued.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));
        Assert.Equal(1, _source.Count);
    }

    [Fact]
    public async Task Disposes_the_credentials_of_a_forgotten_identity_and_makes_no_new_ones()
    {
        _store.Prefetch(Web);
        WorkloadCertificate issued = await SucceedAsync();
        await WaitForTimerAsync();
        TlsCredentials credentials = issued.CreateCredentials(TlsOptions.Default);

        _store.Forget(Web);
        _time.Advance(TimeSpan.FromDays(2));

        Assert.Throws<ObjectDisposedException>(() => TlsHandshake.ForServer(credentials, static _ => null));
        Assert.Throws<CryptographicException>(() => issued.CreateCredentials(TlsOptions.Default));
    }

    [Fact]
    public async Task Lets_a_waiter_give_up_without_harm_to_the_others()
    {
        using var impatient = new CancellationTokenSource();
        Task<CertificateResult> first = _store.GetAsync(Web, impatient.Token).AsTask();
        Task<CertificateResult> second = _store.GetAsync(Web, default).AsTask();
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        WorkloadCertificate issued = await SucceedAsync();
        Assert.Same(issued, (await second).Certificate);
    }

    [Fact]
    public async Task Runs_no_more_than_eight_fetches_at_once()
    {
        SpiffeId[] identities = [.. Enumerable.Range(0, 20).Select(number => new SpiffeId("td", "ns", $"sa{number}"))];
        Task<CertificateResult>[] waiting = [.. identities.Select(identity => _store.GetAsync(identity, default).AsTask())];
        for (int index = 0; index < identities.Length; index++)
        {
            ScriptedSource.Fetch fetch = await _source.NextAsync();
            Assert.InRange(_source.Count, 1, index + CertificateFetcher.MaxConcurrentFetches);
            fetch.Succeed(await _issuer.FetchAsync(fetch.Identity, default));
        }

        Assert.All(await Task.WhenAll(waiting), result => Assert.NotNull(result.Certificate));
        Assert.Equal(identities.Select(id => id.ToString()).Order(StringComparer.Ordinal), _store.Snapshot().Select(state => state.Identity.ToString()));
    }

    [Fact]
    public async Task Reports_fetches_and_failures()
    {
        _store.Prefetch(Web);
        (await _source.NextAsync()).Fail("away");
        TimeSpan wait = await WaitForTimerAsync();
        _time.Advance(wait);
        WorkloadCertificate issued = await SucceedAsync();
        await WaitForTimerAsync();

        Assert.Equal([$"failed {Web} away", $"fetched {Web} {issued.NotAfter:u}"], _events.Lines);
        Assert.InRange((wait - _events.RetryIn).TotalMilliseconds, 0, 1);
    }

    [Fact]
    public async Task Shows_an_identity_whose_first_fetch_runs_as_initializing()
    {
        _store.Prefetch(Web);
        await _source.NextAsync();

        CertificateState state = Assert.Single(_store.Snapshot());
        Assert.Equal((CertificatePhase.Initializing, null, null), (state.Phase, state.Certificate, state.LastFailure));
    }

    [Fact]
    public async Task Turns_an_unexpected_exception_of_the_source_into_a_failure()
    {
        await using var store = new CertificateStore(new BrokenSource(), _time);

        Assert.Contains("InvalidOperationException", (await store.GetAsync(Web, default)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clears_every_key_when_disposed()
    {
        _store.Prefetch(Web);
        WorkloadCertificate issued = await SucceedAsync();
        await WaitForTimerAsync();

        await _store.DisposeAsync();

        Assert.False(issued.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => _store.Prefetch(Web));
    }

    private async Task<WorkloadCertificate> SucceedAsync()
    {
        ScriptedSource.Fetch fetch = await _source.NextAsync();
        WorkloadCertificate issued = await _issuer.FetchAsync(fetch.Identity, default);
        fetch.Succeed(issued);
        return issued;
    }

    /// <summary>The longest wait of the store, once it has begun as many as expected.</summary>
    private async Task<TimeSpan> WaitForTimerAsync(int count = 1)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_time.Waiting.Count < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return _time.Waiting[^1];
    }

    private sealed class BrokenSource : ICertificateSource
    {
        public ValueTask<WorkloadCertificate> FetchAsync(SpiffeId identity, CancellationToken cancellation) =>
            throw new InvalidOperationException("a bug");
    }

    private sealed class RecordedEvents : ICertificateEvents
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public void Fetched(SpiffeId identity, DateTimeOffset notAfter) => _lines.Enqueue($"fetched {identity} {notAfter:u}");

        public TimeSpan RetryIn { get; private set; }

        public void FetchFailed(SpiffeId identity, string reason, TimeSpan retryIn)
        {
            RetryIn = retryIn;
            _lines.Enqueue($"failed {identity} {reason}");
        }
    }
}
