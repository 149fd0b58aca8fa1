using System.Collections.Concurrent;
using Ambient.Certs.Scheduling;
using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>
/// The certificates of every identity in use: fetched once when first asked for, renewed at half of their validity, kept as
/// long as they are valid when renewal fails (node-proxy 5.5).
/// </summary>
public sealed class CertificateStore : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SpiffeId, CertificateEntry> _entries = new();
    private readonly Lock _gate = new();
    private readonly CertificateFetcher _fetcher;
    private readonly TimeProvider _time;
    private readonly ICertificateEvents? _events;
    private bool _isDisposed;

    public CertificateStore(ICertificateSource source, TimeProvider time, ICertificateEvents? events = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(time);
        _fetcher = new CertificateFetcher(source);
        _time = time;
        _events = events;
    }

    /// <summary>
    /// Whose certificates are renewed although nobody asked for them lately; by default those of <see cref="Prefetch"/> alone. Called on
    /// pool threads; must be quick and must not throw.
    /// </summary>
    public Func<SpiffeId, bool> IsNeeded { get; init; } = static _ => false;

    /// <summary>Fetches that wait for one of the others to end; more than a few for long means that the authority is slow.</summary>
    public int WaitingFetches => _fetcher.WaitingCount;

    /// <summary>
    /// The valid certificate, at once when there is one. Waits for the first fetch only, which goes before those that nobody waits for;
    /// while an identity is unavailable the reason comes at once, and asking causes no new attempt.
    /// </summary>
    public ValueTask<CertificateResult> GetAsync(SpiffeId identity, CancellationToken cancellation) =>
        EntryOf(identity, FetchPriority.RealTime).GetAsync(cancellation);

    /// <summary>Starts the first fetch, so that a connection need not wait for it, and renews until <see cref="Forget"/>.</summary>
    public void Prefetch(SpiffeId identity) => EntryOf(identity, FetchPriority.Warmup).Keep();

    /// <summary>Ends renewal and clears the key soon after; waiters get a failure. A later request starts afresh.</summary>
    public void Forget(SpiffeId identity)
    {
        if (_entries.TryRemove(identity, out CertificateEntry? entry))
        {
            entry.Stop();
        }
    }

    /// <summary>The clock was set: renews at once what is due or invalid by the new time.</summary>
    public void Reconsider()
    {
        foreach (CertificateEntry entry in _entries.Values)
        {
            entry.Reconsider();
        }
    }

    /// <summary>Every identity's state, sorted by identity.</summary>
    public IReadOnlyList<CertificateState> Snapshot() =>
        [.. _entries.Values.Select(entry => entry.Describe()).OrderBy(state => state.Identity.ToString(), StringComparer.Ordinal)];

    /// <summary>Stops every renewal and clears every key.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        CertificateEntry[] entries = [.. _entries.Values];
        _entries.Clear();
        foreach (CertificateEntry entry in entries)
        {
            entry.Stop();
        }

        foreach (CertificateEntry entry in entries)
        {
            await entry.Completion;
            entry.Dispose();
        }
    }

    private CertificateEntry EntryOf(SpiffeId identity, FetchPriority priority)
    {
        if (_entries.TryGetValue(identity, out CertificateEntry? known))
        {
            return known;
        }

        // A new entry starts its loop when made, so it must not be made twice.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_entries.TryGetValue(identity, out known))
            {
                return known;
            }

            CertificateEntry made = new(identity, _fetcher, _time, _events, priority) { IsNeeded = IsNeeded, Unused = RemoveUnused };
            _entries[identity] = made;
            made.Start();
            return made;
        }
    }

    /// <summary>Only this very entry: the identity may have been forgotten and asked for again meanwhile.</summary>
    private void RemoveUnused(CertificateEntry entry)
    {
        if (_entries.TryRemove(new KeyValuePair<SpiffeId, CertificateEntry>(entry.Identity, entry)))
        {
            entry.Stop();
        }
    }
}
