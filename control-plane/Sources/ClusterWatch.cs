using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Client;
using Ambient.Kube.Discovery;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.ControlPlane.Sources;

/// <summary>
/// Watches every kind that is translated. Kinds that Kubernetes has of itself are waited for; those that are installed may be missing, and
/// are read as soon as they are there.
/// </summary>
public sealed class ClusterWatch
{
    private static readonly ListOptions Everything = new();

    private readonly KubernetesClient _client;
    private readonly ChangeQueue _queue;
    private readonly IObjectObserver _observer;
    private readonly SourceMetrics _metrics;
    private readonly IWatchEvents _events;
    private readonly TimeProvider _time;
    private readonly DefinitionSignal _definitions = new();
    private readonly List<Func<CancellationToken, Task>> _loops = [];
    private readonly List<(string Kind, Task Synced)> _synced = [];

    public ClusterWatch(
        KubernetesClient client, ChangeQueue queue, IObjectObserver observer, SourceMetrics metrics, IWatchEvents events, TimeProvider time)
    {
        _client = client;
        _queue = queue;
        _observer = observer;
        _metrics = metrics;
        _events = events;
        _time = time;
        Watch(KubernetesResources.Namespaces, ObjectKind.Namespace);
        Watch(KubernetesResources.Nodes, ObjectKind.Node);
        Watch(KubernetesResources.Services, ObjectKind.Service);
        Watch(KubernetesResources.EndpointSlices, ObjectKind.EndpointSlice);
        Watch(KubernetesResources.Pods, ObjectKind.Pod);
        _loops.Add(new Informer<CustomResourceDefinition>(
            client, CustomResourceDefinition.Type, Everything, [_definitions], events, time).RunAsync);
        WatchServed(KubernetesResources.ServiceEntries);
        WatchServed(KubernetesResources.WorkloadEntries);
        WatchServed(KubernetesResources.Gateways);
        WatchServed(KubernetesResources.GatewayClasses);
        WatchServed(KubernetesResources.PeerAuthentications);
        WatchServed(KubernetesResources.AuthorizationPolicies);
    }

    /// <summary>Done when everything that is there is in the queue.</summary>
    public Task Synced => Task.WhenAll(_synced.Select(kind => kind.Synced));

    /// <summary>The kinds that were not read yet, to say what a start waits for.</summary>
    public IEnumerable<string> Missing => _synced.Where(kind => !kind.Synced.IsCompleted).Select(kind => kind.Kind);

    /// <summary>Runs until it is cancelled; then returns. While the API server is away, what was read stays in force.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(_loops.Select(loop => loop(cancellation)));

    private void Watch<T>(ResourceType<T> type, ObjectKind kind)
        where T : class, IKubernetesObject
    {
        ObjectFeed<T> feed = new(kind, _queue, _observer, _metrics);
        _loops.Add(new Reflector<T>(_client, type, Everything, feed, _events, _time).RunAsync);
        _synced.Add((type.Plural, feed.Synced));
    }

    private void WatchServed<T>(ResourceType<T> type)
        where T : class, IKubernetesObject
    {
        ServedInformer<T> informer = new(
            _client, type, Everything, [new ServedFeed<T>(_queue, _observer, _metrics)], _definitions, _events, _time);
        _loops.Add(informer.RunAsync);
        _synced.Add((type.Plural, informer.Synced));
    }
}
