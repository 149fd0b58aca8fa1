using System.Diagnostics.CodeAnalysis;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Testing.Certs;
using Ambient.UnitTests.Ztunnel.Telemetry;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Certificates;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Pods;

/// <summary>Pods that cannot be started, and what is kept for them meanwhile (node-proxy 6.4).</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class PodProxySetTests : IAsyncLifetime
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly CapturedLog _log = new();
    private readonly List<string> _tried = [];
    private readonly PodMetrics _metrics = new();
    private readonly CertificateDemand _demand = new();
    private readonly CertificateStore _store;
    private readonly PodProxySet _pods;
    private Exception _failure = new StartException("the port is taken");

    public PodProxySetTests()
    {
        _store = new CertificateStore(new ScriptedSource(), _time) { IsNeeded = _demand.Needs };
        _demand.Attach(_store);
        PodTable table = new(_demand, _metrics, [new WorkloadInfo("self", "system", "ztunnel")]);
        _pods = new PodProxySet(
            (workload, _) =>
            {
                _tried.Add(workload.Name);
                throw _failure;
            },
            table,
            _metrics,
            new ReadinessTasks(),
            _log.Loggers.CreateLogger(LogTargets.Pods),
            _time);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _pods.DisposeAsync();
        _demand.Dispose();
        await _store.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_pod_is_tried_again_after_an_error_that_nobody_thought_of()
    {
        _failure = new InvalidOperationException("a bug");
        Assert.Equal("failure to start proxy : a bug", await AddAsync("web"));

        for (int round = 2; round < 5; round++)
        {
            _time.Advance(RetryInterval);
            Assert.Equal(round, _tried.Count);
        }

        Assert.Equal((0, 1), (_metrics.Active.Value, _metrics.Pending.Value));
        Assert.Contains(_log.ReadLines(), line => line.Contains("please report it", StringComparison.Ordinal) && line.Contains("a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_pod_that_fails_does_not_keep_the_others_of_its_list_from_being_tried()
    {
        _failure = new InvalidOperationException("a bug");
        await _pods.ApplyAsync([Entry("a"), Entry("b")]);
        _time.Advance(RetryInterval);

        Assert.Equal(["a", "a", "b", "b"], _tried.Order());
    }

    [Fact]
    public async Task Pods_that_keep_failing_do_not_put_off_the_next_try_of_one_that_waits()
    {
        await AddAsync("waits");
        for (int added = 0; added < 3; added++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await AddAsync($"late-{added}");
        }

        Assert.Equal(2, _tried.Count(name => name == "waits"));
    }

    [Fact]
    public async Task The_certificate_of_a_pod_is_kept_from_when_it_is_told_until_its_last_pod_is_gone()
    {
        SpiffeId identity = new("cluster.local", "shop", "account");
        Assert.False(_demand.Needs(identity));

        await AddAsync("web-0");
        await AddAsync("web-1");
        Assert.True(_demand.Needs(identity));

        await _pods.RemoveAsync("web-0");
        Assert.True(_demand.Needs(identity));
        await _pods.RemoveAsync("web-1");
        Assert.False(_demand.Needs(identity));
        Assert.True(_demand.Needs(new SpiffeId("cluster.local", "system", "ztunnel")));
    }

    [Fact]
    public async Task A_pod_that_is_told_with_another_account_gives_up_the_certificate_of_the_first()
    {
        await AddAsync("web");
        await _pods.AddAsync("web", new WorkloadInfo("web", "shop", "other"), PodSandbox.Own);

        Assert.False(_demand.Needs(new SpiffeId("cluster.local", "shop", "account")));
        Assert.True(_demand.Needs(new SpiffeId("cluster.local", "shop", "other")));
        Assert.Equal(1, _metrics.Pending.Value);
    }

    private static PodEntry Entry(string name) => new(name, new WorkloadInfo(name, "shop", "account"), "/proc/self/ns/net");

    private Task<string?> AddAsync(string name) => _pods.AddAsync(name, new WorkloadInfo(name, "shop", "account"), PodSandbox.Own);
}
