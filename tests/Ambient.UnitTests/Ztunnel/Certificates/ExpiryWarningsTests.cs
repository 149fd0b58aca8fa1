using System.Diagnostics.CodeAnalysis;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Certificates;

namespace Ambient.UnitTests.Ztunnel.Certificates;

/// <summary>Readiness says which certificate ends soon, when, and why it was not renewed.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class ExpiryWarningsTests : IAsyncLifetime
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly ReadinessTasks _readiness = new();
    private CertificateStore _store = null!;
    private LocalIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _issuer = await LocalIssuer.OpenAsync(_directory.Path, TimeSpan.FromHours(24), _time, default);
        _store = new CertificateStore(_source, _time);
        _readiness.Watch(new ExpiryWarnings(_store, _time).Read);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _issuer.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Readiness_names_a_certificate_in_the_last_tenth_of_its_validity_with_the_reason_and_is_well_again_after_renewal()
    {
        _store.Prefetch(Web);
        ScriptedSource.Fetch first = await _source.NextAsync();
        WorkloadCertificate issued = await _issuer.FetchAsync(Web, default);
        first.Succeed(issued);
        await UntilAsync(() => _time.Waiting.Count == 1);
        Assert.True(_readiness.IsReady);

        _time.Advance(TimeSpan.FromHours(21));
        (await _source.NextAsync()).Fail("cannot reach the authority");
        await UntilAsync(() => _time.Waiting.Count == 1);
        Assert.True(_readiness.IsReady);

        _time.Advance(TimeSpan.FromHours(1));
        ScriptedSource.Fetch late = await _source.NextAsync();
        Assert.Equal([$"certificate of {Web} ends in 2h0m (cannot reach the authority)"], _readiness.Pending);

        _time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMinutes(3));
        Assert.Equal([$"certificate of {Web} ended 3m0s ago (cannot reach the authority)"], _readiness.Pending);

        late.Succeed(await _issuer.FetchAsync(Web, default));
        await UntilAsync(() => _readiness.IsReady);
    }

    [Fact]
    public async Task An_identity_that_never_had_a_certificate_does_not_make_the_node_unready()
    {
        _store.Prefetch(Web);
        (await _source.NextAsync()).Fail("no pod of it runs here");
        await UntilAsync(() => _time.Waiting.Count == 1);

        Assert.True(_readiness.IsReady);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
