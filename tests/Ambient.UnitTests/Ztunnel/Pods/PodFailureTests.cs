using System.Diagnostics.CodeAnalysis;
using Ambient.Certs;
using Ambient.Mesh.Identities;
using Ambient.Mesh.State;
using Ambient.Testing.Certs;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Namespaces;
using Ambient.UnitTests.Ztunnel.Telemetry;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Certificates;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Inbound;
using Ambient.Ztunnel.Outbound;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.UnitTests.Ztunnel.Pods;

/// <summary>Pods whose proxies came up, and then something failed that nobody thought of: what is shown, kept and tried again.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by IAsyncLifetime")]
public sealed class PodFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);
    private static readonly SpiffeId Account = new("cluster.local", "shop", "account");

    private readonly ManualTime _time = new();
    private readonly CapturedLog _log = new();
    private readonly PodMetrics _metrics = new();
    private readonly CertificateDemand _demand = new();
    private readonly ReadinessTasks _tasks = new();
    private readonly EventLoopGroup _loops = new(1);
    private readonly MeshStore _mesh = new(TimeProvider.System);
    private readonly CertificateStore _store;
    private readonly PodTable _table;
    private readonly PodProxySet _pods;
    private readonly TaskCompletionSource<ConnectionFailure?> _listening = new();
    private readonly List<StubService> _services = [];
    private Func<string, Exception?> _stopFailure = _ => null;
    private Action _starting = () => { };

    public PodFailureTests()
    {
        _store = new CertificateStore(new ScriptedSource(), _time) { IsNeeded = _demand.Needs };
        _demand.Attach(_store);
        _table = new PodTable(_demand, _metrics, []);
        _pods = new PodProxySet(Start, _table, _metrics, _tasks, _log.Loggers.CreateLogger(LogTargets.Pods), _time);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _pods.DisposeAsync();
        _demand.Dispose();
        await _store.DisposeAsync();
        await _loops.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_proxy_that_cannot_be_entered_is_ended_and_its_pod_tried_again()
    {
        bool isFailing = true;
        int armed = 0;
        PodLifecycle lifecycle = new(Start, _table, _metrics, _log.Loggers.CreateLogger(LogTargets.Pods))
        {
            Retry = () => armed++,
            Started = _ => FailIf(isFailing),
        };

        Assert.Equal("failure to start proxy : a bug", await lifecycle.AddAsync("web", Workload("web"), PodSandbox.Own));
        Assert.Equal((true, 1), (Assert.Single(_services).IsClosed, armed));
        Assert.Equal((0, 1), (_metrics.Active.Value, _metrics.Pending.Value));

        isFailing = false;
        Assert.Null(await lifecycle.AddAsync("web", Workload("web"), _table.Find("web")!.Retry!));
        Assert.Equal((1, 0, false), (_metrics.Active.Value, _metrics.Pending.Value, _services[1].IsClosed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pod_whose_listening_failed_is_not_shown_as_up_even_when_it_cannot_be_stopped_in_order(bool isStopFailing)
    {
        Assert.Null(await AddAsync("web"));
        _stopFailure = _ => isStopFailing ? new InvalidOperationException("no end") : null;

        _listening.SetException(new InvalidOperationException("a bug"));

        Assert.True(SpinWait.SpinUntil(() => _metrics.Pending.Value == 1, TimeSpan.FromSeconds(10)));
        Assert.Equal(0, _metrics.Active.Value);
        Assert.False(Assert.Single(_pods.Snapshot()).IsUp);
        await _pods.UpdateReadinessAsync();
        _time.Advance(RetryInterval);
        Assert.Equal(2, _services.Count);
        Assert.Contains(_log.ReadLines(), line => line.Contains("please report it", StringComparison.Ordinal) && line.Contains("a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_proxy_that_does_not_stop_in_order_keeps_no_pod_of_its_batch_in_the_table()
    {
        _stopFailure = name => name == "bad" ? new InvalidOperationException("no end") : null;
        foreach (string name in (string[])["first", "bad", "last"])
        {
            Assert.Null(await AddAsync(name));
        }

        await _pods.EndListAsync(new HashSet<string>());

        Assert.Empty(_pods.Snapshot());
        Assert.All(_services, service => Assert.True(service.IsClosed));
        Assert.Equal((0, 3), (_metrics.Active.Value, _metrics.Stopped.Value));
        Assert.False(_demand.Needs(Account));
        Assert.Contains(_log.ReadLines(), line => line.Contains("did not stop in order", StringComparison.Ordinal) && line.Contains("bad", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sandbox_of_a_former_conversation_is_looked_at_no_more(bool isDeleted)
    {
        await _pods.AddAsync("web", Workload("web"), PodSandbox.At("/proc/self/ns/net"));
        Assert.NotNull(await _pods.AddAsync("web", Workload("web"), PodSandbox.At("/nowhere/net")));

        await (isDeleted ? _pods.RemovePendingAsync("web") : _pods.BeginListAsync());
        _time.Advance(RetryInterval * 3);

        Assert.True(_pods.IsRunning("web"));
        Assert.Single(_log.ReadLines(), line => line.Contains("pod cannot be looked at", StringComparison.Ordinal));
        Assert.False(Assert.Single(_services).IsClosed);
    }

    [Fact]
    public async Task Readiness_is_told_between_two_changes()
    {
        using ManualResetEventSlim released = new();
        await _pods.EndListAsync(new HashSet<string>());
        TaskCompletionSource starting = new();
        _starting = () =>
        {
            starting.SetResult();
            released.Wait(TimeSpan.FromSeconds(10));
        };
        Task<string?> adding = Task.Run(() => AddAsync("web"));
        await starting.Task.WaitAsync(TimeSpan.FromSeconds(10));

        Task updating = _pods.UpdateReadinessAsync();
        Assert.False(updating.IsCompleted);
        released.Set();

        Assert.Null(await adding);
        await updating.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(_tasks.IsReady);
    }

    [Fact]
    public async Task A_list_that_could_not_be_applied_is_applied_again_without_a_change_of_the_file()
    {
        int lines = 0;
        PodProxySet failing = new(Start, _table, _metrics, _tasks, new FailingLogger(() => ++lines == 1), _time);
        PodListSource list = new("pods", failing, _log.Loggers.CreateLogger(LogTargets.Pods), _time);
        using CancellationTokenSource stop = new();
        Task following = list.FollowAsync(stop.Token);

        Assert.True(list.Read("- { uid: web, name: web, namespace: shop, serviceAccount: account, netns: /nowhere }\n"));
        Assert.True(SpinWait.SpinUntil(() => _time.Waiting.Contains(RetryInterval), TimeSpan.FromSeconds(10)));
        Assert.Equal(1, lines);
        _time.Advance(RetryInterval);
        Assert.True(SpinWait.SpinUntil(() => _tasks.Pending.Contains(ReadinessTasks.WorkloadsTask), TimeSpan.FromSeconds(10)));

        Assert.Equal(1, _metrics.Pending.Value);
        await stop.CancelAsync();
        await following.WaitAsync(TimeSpan.FromSeconds(10));
        await failing.DisposeAsync();
    }

    [Fact]
    public async Task A_pod_beyond_the_limit_is_refused_and_said_so()
    {
        for (int index = 0; index < PodList.MaxPods; index++)
        {
            _table.Put(new PodSlot($"pod-{index}", Workload("web")));
        }

        Assert.NotNull(await AddAsync("late"));

        Assert.Empty(_services);
        Assert.Single(_log.ReadLines(), line => line.Contains("pod refused", StringComparison.Ordinal) && line.Contains("uid=\"late\"", StringComparison.Ordinal));
    }

    private static void FailIf(bool isFailing)
    {
        if (isFailing)
        {
            throw new InvalidOperationException("a bug");
        }
    }

    private static WorkloadInfo Workload(string name) => new(name, "shop", "account");

    private Task<string?> AddAsync(string name) => _pods.AddAsync(name, Workload(name), PodSandbox.Own);

    /// <summary>A proxy without accept loops: what it has open is one service.</summary>
    private PodProxy Start(WorkloadInfo workload, NetworkNamespace? podNamespace)
    {
        _starting();
        ConnectionRegistry registry = new(_loops);
        ConnectionTable connections = new();
        StubService service = new(() => _stopFailure(workload.Name));
        _services.Add(service);
        PodListeners listeners = new(_loops, registry, NullLogger.Instance);
        listeners.Add(service);
        PodParts parts = new(
            new LocalWorkload(_mesh, workload),
            podNamespace,
            null!,
            registry,
            connections,
            new InboundPolicy(_mesh, connections, NullLogger.Instance, isInfo: false),
            null!,
            new OutboundSides(() => throw new NotSupportedException(), _ => throw new NotSupportedException()));
        return new PodProxy(parts, listeners, _loops) { Listening = _services.Count == 1 ? _listening.Task : new TaskCompletionSource<ConnectionFailure?>().Task };
    }

    private sealed class StubService(Func<Exception?> failure) : IPodService
    {
        public bool IsClosed { get; private set; }

        public Task<ConnectionFailure?> ServeAsync(ConnectionRegistry registry) => Task.FromResult<ConnectionFailure?>(null);

        public void Dispose()
        {
            IsClosed = true;
            if (failure() is { } error)
            {
                throw error;
            }
        }
    }

    private sealed class FailingLogger(Func<bool> isFailing) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isFailing())
            {
                throw new InvalidOperationException("no log");
            }
        }
    }
}
