using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.Kube.Discovery;

/// <summary>
/// An informer of a kind that may be installed and removed while we run, such as that of a custom resource definition. It watches while
/// the kind is served. An answer "not served" deletes what was known; no answer changes nothing.
/// </summary>
public sealed class ServedInformer<T>
    where T : class, IKubernetesObject
{
    /// <summary>How often it is asked whether the kind is served, beside the signal.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    /// <summary>A definition is served a moment after it is written: how soon it is asked again after a signal.</summary>
    public static readonly TimeSpan SignalledInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often it is asked at the shorter interval.</summary>
    private const int ChecksAfterSignal = 5;

    private readonly ResourceType<T> _type;
    private readonly ApiDiscovery _discovery;
    private readonly DefinitionSignal _signal;
    private readonly IWatchEvents _events;
    private readonly TimeProvider _time;
    private readonly Func<Reflector<T>> _newReflector;
    private volatile bool _isServed;
    private int _quickChecks;

    /// <param name="client">The API server.</param>
    /// <param name="type">The kind.</param>
    /// <param name="options">Which objects of it.</param>
    /// <param name="handlers">Told of every change, in this order; told of deletions when the kind is removed.</param>
    /// <param name="signal">Raised when definitions change; it makes the answer quick, and may never come.</param>
    /// <param name="events">Told of failures.</param>
    /// <param name="time">Waits between checks.</param>
    public ServedInformer(
        KubernetesClient client,
        ResourceType<T> type,
        ListOptions options,
        IReadOnlyList<IInformerHandler<T>> handlers,
        DefinitionSignal signal,
        IWatchEvents events,
        TimeProvider time)
    {
        _type = type;
        _discovery = new ApiDiscovery(client);
        _signal = signal;
        _events = events;
        _time = time;
        Objects = new ObjectStore<T>(handlers, (name, error) => events.HandlerFailed(type.Plural, name, error));
        _newReflector = () => new Reflector<T>(client, type, options, Objects, events, time);
    }

    public ObjectStore<T> Objects { get; }

    /// <summary>Done when the first list is here and handled, or when the kind was found not to be served.</summary>
    public Task Synced => Objects.Synced;

    /// <summary>Whether it is watched at this moment.</summary>
    public bool IsServed => _isServed;

    /// <summary>Runs until it is cancelled; then returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var backoff = new JitteredBackoff(Random.Shared);
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                Task signalled = _signal.Next;
                bool? served = await AskAsync(backoff, cancellation);
                if (served == true)
                {
                    await WatchWhileServedAsync(backoff, cancellation);
                }
                else if (served == false)
                {
                    Objects.Clear();
                    await PauseAsync(signalled, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    private async Task WatchWhileServedAsync(JitteredBackoff backoff, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task watching = _newReflector().RunAsync(stop.Token);
        _isServed = true;
        try
        {
            bool? served = true;
            while (served != false)
            {
                await PauseAsync(_signal.Next, cancellation);
                served = await AskAsync(backoff, cancellation);
            }
        }
        finally
        {
            _isServed = false;
            await stop.CancelAsync();
            await watching;
        }

        Objects.Clear();
    }

    /// <returns>Null when there is no answer; it has then waited a while.</returns>
    private async Task<bool?> AskAsync(JitteredBackoff backoff, CancellationToken cancellation)
    {
        try
        {
            bool served = await _discovery.IsServedAsync(_type, cancellation);
            backoff.Reset();
            return served;
        }
        catch (KubernetesException error)
        {
            TimeSpan wait = backoff.Next();
            _events.Failed(_type.Plural, error, wait);
            await Task.Delay(wait, _time, cancellation);
            return null;
        }
    }

    private async Task PauseAsync(Task signalled, CancellationToken cancellation)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        TimeSpan interval = _quickChecks > 0 ? SignalledInterval : CheckInterval;
        _quickChecks = Math.Max(0, _quickChecks - 1);
        Task pause = Task.Delay(interval, _time, done.Token);
        if (await Task.WhenAny(pause, signalled) == signalled)
        {
            _quickChecks = ChecksAfterSignal;
        }

        await done.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
