using System.Diagnostics.CodeAnalysis;
using Ambient.Certs;
using Ambient.Certs.Scheduling;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Certs;

/// <summary>node-proxy 5.5: whose certificate comes first, what a clock that was set does, and what happens to identities that nobody uses.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class CertificateSchedulingTests : IAsyncLifetime
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly ScriptedSource _source = new();
    private CertificateStore _store = null!;
    private LocalIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _issuer = await LocalIssuer.OpenAsync(_directory.Path, TimeSpan.FromHours(24), _time, default);
        _store = new CertificateStore(_source, _time);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _issuer.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_connection_overtakes_warm_up_and_raises_what_it_waits_for()
    {
        List<ScriptedSource.Fetch> running = [];
        for (int i = 0; i < CertificateFetcher.MaxConcurrentFetches; i++)
        {
            _store.Prefetch(Numbered(i));
            running.Add(await _source.NextAsync());
        }

        SpiffeId first = Numbered(100), second = Numbered(101);
        _store.Prefetch(first);
        _store.Prefetch(second);
        await UntilAsync(() => _store.WaitingFetches == 2);
        Task<CertificateResult> waiting = _store.GetAsync(second, default).AsTask();
        Task<CertificateResult> direct = _store.GetAsync(Web, default).AsTask();
        await UntilAsync(() => _store.WaitingFetches == 3);
        var order = new List<SpiffeId>();
        foreach (ScriptedSource.Fetch done in running.Take(3))
        {
            done.Fail("make room");
            order.Add((await _source.NextAsync()).Identity);
        }

        Assert.Equal(first, order[2]);
        Assert.Equal(new[] { Web, second }.ToHashSet(), order.Take(2).ToHashSet());
        await _store.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting, direct), result => Assert.Contains("forgotten", result.Failure, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(25)]
    [InlineData(-1)]
    public async Task A_clock_that_was_set_renews_at_once_what_is_due_by_the_new_time(int hours)
    {
        using var clock = new ClockWatch(_time, _ => _store.Reconsider());
        _store.Prefetch(Web);
        await SucceedAsync();
        await UntilAsync(() => _time.Waiting.Count == 2);

        _time.JumpWallClock(TimeSpan.FromHours(hours));
        _time.Advance(ClockWatch.Interval);

        WorkloadCertificate renewed = await SucceedAsync();
        await UntilAsync(() => Assert.Single(_store.Snapshot()).Certificate == renewed);
    }

    [Fact]
    public async Task A_clock_that_was_set_retries_an_identity_that_is_unavailable()
    {
        _store.Prefetch(Web);
        for (int i = 0; i < 4; i++)
        {
            (await _source.NextAsync()).Fail("the authority's certificate is not valid yet");
            await UntilAsync(() => _time.Waiting.Count == 1);
            _time.Advance(_time.Waiting[^1]);
        }

        (await _source.NextAsync()).Fail("the authority's certificate is not valid yet");
        await UntilAsync(() => _time.Waiting.Count == 1);

        _store.Reconsider();

        await SucceedAsync();
    }

    [Fact]
    public async Task A_clock_that_was_set_leaves_a_fresh_certificate_alone()
    {
        using var clock = new ClockWatch(_time, _ => _store.Reconsider());
        _store.Prefetch(Web);
        await SucceedAsync();
        await UntilAsync(() => _time.Waiting.Count == 2);

        _time.JumpWallClock(TimeSpan.FromHours(2));
        _time.Advance(ClockWatch.Interval);

        Assert.Equal(CertificatePhase.Available, Assert.Single(_store.Snapshot()).Phase);
        Assert.Equal(1, _source.Count);
    }

    [Fact]
    public async Task The_clock_watch_reports_jumps_and_not_the_passing_of_time()
    {
        List<TimeSpan> jumps = [];
        using var clock = new ClockWatch(_time, jumps.Add);
        for (int i = 0; i < 100; i++)
        {
            _time.Advance(ClockWatch.Interval);
        }

        Assert.Empty(jumps);
        _time.JumpWallClock(TimeSpan.FromMinutes(-3));
        _time.Advance(ClockWatch.Interval);
        _time.Advance(ClockWatch.Interval);
        Assert.Equal([TimeSpan.FromMinutes(-3)], jumps);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task An_identity_that_nobody_used_since_its_last_renewal_is_forgotten_when_it_falls_due()
    {
        ValueTask<CertificateResult> used = _store.GetAsync(Web, default);
        WorkloadCertificate issued = await SucceedAsync();
        await used;
        await UntilAsync(() => _time.Waiting.Count == 1);

        _time.Advance(_time.Waiting[^1]);

        await UntilAsync(() => _store.Snapshot().Count == 0);
        await UntilAsync(() => _time.Waiting.Count == 1);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(issued.PrivateKeyPkcs8.ContainsAnyExcept((byte)0));
        Assert.Equal(1, _source.Count);
    }

    [Fact]
    public async Task An_identity_in_use_is_renewed_although_nobody_prefetched_it()
    {
        ValueTask<CertificateResult> first = _store.GetAsync(Web, default);
        await SucceedAsync();
        await first;
        await UntilAsync(() => _time.Waiting.Count == 1);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await _store.GetAsync(Web, default)).Certificate);

        _time.Advance(_time.Waiting[^1]);

        await SucceedAsync();
    }

    [Fact]
    public async Task An_identity_that_is_needed_is_renewed_although_nobody_asks_for_it()
    {
        await using var store = new CertificateStore(_source, _time) { IsNeeded = identity => identity == Web };
        ValueTask<CertificateResult> first = store.GetAsync(Web, default);
        await SucceedAsync();
        await first;
        await UntilAsync(() => _time.Waiting.Count == 1);

        _time.Advance(_time.Waiting[^1]);

        await SucceedAsync();
    }

    private static SpiffeId Numbered(int number) => new("cluster.local", "shop", $"sa{number}");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<WorkloadCertificate> SucceedAsync()
    {
        ScriptedSource.Fetch fetch = await _source.NextAsync();
        WorkloadCertificate issued = await _issuer.FetchAsync(fetch.Identity, default);
        fetch.Succeed(issued);
        return issued;
    }
}
