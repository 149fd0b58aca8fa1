using Ambient.Kube.Client;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Watching;

/// <summary>
/// Keeps a target up to date with the objects of a kind: lists, then watches from there, resumes a watch that ends where it ended, and
/// lists again where the API server has forgotten that point.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="type">The kind. Read trimmed: a target only looks at objects.</param>
/// <param name="options">Which of them.</param>
/// <param name="target">Takes them.</param>
/// <param name="events">Told of failures.</param>
/// <param name="time">Waits between tries.</param>
public sealed class Reflector<T>(
    KubernetesClient client, ResourceType<T> type, ListOptions options, IReflectorTarget<T> target, IWatchEvents events, TimeProvider time)
    where T : class, IKubernetesObject
{
    /// <summary>A watch that lasted so long did its work even if nothing happened. One that ends sooner, with nothing, is a failing server.</summary>
    private static readonly TimeSpan ShortestUsefulWatch = TimeSpan.FromSeconds(5);

    private readonly ResourceType<T> _type = type with { Json = type.TrimmedJson };
    private readonly JitteredBackoff _backoff = new(Random.Shared);

    /// <summary>Where the watch goes on; null when the objects must be listed.</summary>
    private string? _version;
    private bool _unpaged;
    private bool _madeProgress;

    /// <summary>How the resource is called in events.</summary>
    public string Resource { get; } = type.Group.Length == 0 ? type.Plural : $"{type.Plural}.{type.Group}";

    /// <summary>Runs until it is cancelled; then returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                TimeSpan wait = await ListAndWatchAsync(cancellation);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    /// <returns>How long to wait before the next.</returns>
    private async Task<TimeSpan> ListAndWatchAsync(CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        _madeProgress = false;
        try
        {
            if (_version is null)
            {
                await ListAsync(cancellation);
            }

            started = time.GetTimestamp();
            await client.WatchAsync(_type, options, _version!, Take, cancellation);
            return IsUseful(started) ? Useful() : _backoff.Next();
        }
        catch (KubernetesException error)
        {
            return Recover(error, IsUseful(started));
        }
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        target.BeginList();
        string version = await client.ListAsync(_type, options with { Unpaged = _unpaged || options.Unpaged }, target.Listed, cancellation);
        if (version.Length == 0)
        {
            throw new KubernetesException(KubernetesFailure.InvalidAnswer, $"The list of {Resource} has no resource version to watch from.");
        }

        _unpaged = false;
        int count = target.EndList();
        _version = version;
        events.Listed(Resource, count);
    }

    private void Take(WatchEvent<T> received)
    {
        switch (received.Type)
        {
            case WatchEventType.Deleted:
                target.Deleted(received.Object!);
                break;
            case WatchEventType.Added or WatchEventType.Modified:
                target.Changed(received.Object!);
                break;
        }

        if (received.ResourceVersion.Length > 0)
        {
            _version = received.ResourceVersion;
        }

        _madeProgress = true;
    }

    /// <summary>Where to go on after a failure, and when.</summary>
    private TimeSpan Recover(KubernetesException error, bool wasUseful)
    {
        bool wasListing = _version is null;

        // A line that cannot be read would come again at the same place: only a list leads past it.
        if (error.IsExpired || error.Failure == KubernetesFailure.InvalidAnswer)
        {
            _version = null;
            _unpaged = wasListing && error.IsExpired;
        }

        if (wasUseful)
        {
            _backoff.Reset();
        }

        TimeSpan wait = error.IsExpired && wasUseful ? TimeSpan.Zero : _backoff.Next();
        TimeSpan asked = error.RetryAfter ?? TimeSpan.Zero;
        wait = wait > asked ? wait : asked < JitteredBackoff.Longest ? asked : JitteredBackoff.Longest;
        events.Failed(Resource, error, wait);
        return wait;
    }

    private bool IsUseful(long started) => _madeProgress || (_version is not null && time.GetElapsedTime(started) >= ShortestUsefulWatch);

    private TimeSpan Useful()
    {
        _backoff.Reset();
        return TimeSpan.Zero;
    }
}
