using Ambient.Kube.Client;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Watching;

/// <summary>A store of the objects of a kind that keeps itself up to date, and tells handlers. While the API server is away, what was last seen stays.</summary>
public sealed class Informer<T>
    where T : class, IKubernetesObject
{
    private readonly Reflector<T> _reflector;

    /// <param name="client">The API server.</param>
    /// <param name="type">The kind, which must be served; <c>ServedInformer</c> is for one that may come and go.</param>
    /// <param name="options">Which objects of it.</param>
    /// <param name="handlers">Told of every change from the first on, in this order.</param>
    /// <param name="events">Told of failures.</param>
    /// <param name="time">Waits between tries.</param>
    public Informer(
        KubernetesClient client,
        ResourceType<T> type,
        ListOptions options,
        IReadOnlyList<IInformerHandler<T>> handlers,
        IWatchEvents events,
        TimeProvider time)
    {
        Objects = new ObjectStore<T>(handlers, (name, error) => events.HandlerFailed(type.Plural, name, error));
        _reflector = new Reflector<T>(client, type, options, Objects, events, time);
    }

    public ObjectStore<T> Objects { get; }

    /// <summary>Done when the first list is here and handled.</summary>
    public Task Synced => Objects.Synced;

    /// <summary>Runs until it is cancelled; then returns.</summary>
    public Task RunAsync(CancellationToken cancellation) => _reflector.RunAsync(cancellation);
}
