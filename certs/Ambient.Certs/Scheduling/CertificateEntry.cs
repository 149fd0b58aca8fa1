using Ambient.Mesh.Identities;

namespace Ambient.Certs.Scheduling;

/// <summary>
/// One identity's certificate over time. A single loop fetches, so there is never more than one fetch per identity; callers
/// wait for its first outcome and read the current one afterwards.
/// </summary>
internal sealed class CertificateEntry : IDisposable
{
    private const string ForgottenReason = "the identity was forgotten";

    /// <summary>Timers take at most 49 days; a longer wait is made of several.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>An identity that cannot be obtained and that nobody asks for is given up after this time.</summary>
    private static readonly TimeSpan UnusedFailingFor = TimeSpan.FromHours(1);

    private readonly CertificateFetcher _fetcher;
    private readonly TimeProvider _time;
    private readonly ICertificateEvents? _events;
    private readonly FetchBackoff _backoff = new(Random.Shared.NextDouble);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstOutcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly RetiredKeys _retired;
    private FetchTicket? _ticket;
    private FetchPriority _nextPriority;
    private CancellationTokenSource? _waiting;
    private WorkloadCertificate? _current;
    private string? _failure;
    private long _lastUse;
    private long _lastFetch;
    private bool _isKept;
    private bool _isStopped;

    public CertificateEntry(
        SpiffeId identity, CertificateFetcher fetcher, TimeProvider time, ICertificateEvents? events, FetchPriority priority)
    {
        Identity = identity;
        _fetcher = fetcher;
        _time = time;
        _events = events;
        _retired = new RetiredKeys(time);
        _nextPriority = priority;
        _lastUse = _lastFetch = time.GetTimestamp();
    }

    public SpiffeId Identity { get; }

    /// <summary>Keeps a certificate that nobody asks for.</summary>
    public required Func<SpiffeId, bool> IsNeeded { get; init; }

    /// <summary>Called when the certificate falls due, nobody has asked for it since it was fetched, and it is not needed.</summary>
    public required Action<CertificateEntry> Unused { get; init; }

    /// <summary>Ends after <see cref="Stop"/>, or when unused.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to fetch; once.</summary>
    public void Start() => Completion = Task.Run(RunAsync);

    public async ValueTask<CertificateResult> GetAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _lastUse, _time.GetTimestamp());
        if (!_firstOutcome.Task.IsCompleted)
        {
            Hurry();
            await _firstOutcome.Task.WaitAsync(cancellation);
        }

        lock (_gate)
        {
            if (_isStopped)
            {
                return new CertificateResult(null, ForgottenReason);
            }

            return IsValid(_current)
                ? new CertificateResult(_current, null)
                : new CertificateResult(null, _failure ?? $"the certificate of {Identity} expired and was not renewed yet");
        }
    }

    /// <summary>From now on the certificate is renewed whether anybody asks for it or not.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            _isKept = true;
        }
    }

    /// <summary>Renews at once what the clock, which was set, says is due; a fetch that failed is tried again.</summary>
    public void Reconsider()
    {
        lock (_gate)
        {
            if (!_isStopped && (!IsValid(_current) || _time.GetUtcNow() >= _current!.RefreshAt))
            {
                _ = _waiting?.CancelAsync();
            }
        }
    }

    public CertificateState Describe()
    {
        lock (_gate)
        {
            CertificatePhase phase = !_firstOutcome.Task.IsCompleted ? CertificatePhase.Initializing
                : IsValid(_current) ? CertificatePhase.Available
                : CertificatePhase.Unavailable;
            return new CertificateState(
                Identity,
                phase,
                phase == CertificatePhase.Available ? _current : null,
                _failure,
                _current?.NotAfter,
                _current?.NotAfter - _current?.NotBefore);
        }
    }

    /// <summary>Waiters get a failure; the result of a running fetch is dropped.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            _isStopped = true;
            Retire();
        }

        _firstOutcome.TrySetResult();
        _stopping.Cancel();
    }

    /// <summary>Clears the keys now; after <see cref="Stop"/> and <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        _retired.Dispose();
        _stopping.Dispose();
    }

    private void Hurry()
    {
        lock (_gate)
        {
            _nextPriority = FetchPriority.RealTime;
            if (_ticket is { } waiting)
            {
                _fetcher.Raise(waiting, FetchPriority.RealTime);
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            do
            {
                TimeSpan wait = await FetchOnceAsync();
                _firstOutcome.TrySetResult();
                await WaitAsync(wait);
            }
            while (IsUsed() || IsNeeded(Identity));

            Unused(this);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Stopped: Stop has already answered the waiters.
            return;
        }
    }

    /// <summary>Returns the time until the next fetch.</summary>
    private async Task<TimeSpan> FetchOnceAsync()
    {
        try
        {
            return Accept(await _fetcher.FetchAsync(TakeTicket(), Identity, _stopping.Token));
        }
        catch (Exception failure) when (!_stopping.IsCancellationRequested)
        {
            return Refuse(failure is CertificateFetchException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private FetchTicket TakeTicket()
    {
        lock (_gate)
        {
            _ticket = _fetcher.Enter(_nextPriority);
            _nextPriority = FetchPriority.Background;
            return _ticket;
        }
    }

    private TimeSpan Accept(WorkloadCertificate fetched)
    {
        if (!IsValid(fetched))
        {
            DateTimeOffset end = fetched.NotAfter;
            DateTimeOffset start = fetched.NotBefore;
            fetched.Dispose();
            return Refuse($"the certificate received for {Identity} is not valid now (it is from {start:u} to {end:u}); compare the clocks of this node and of the authority");
        }

        lock (_gate)
        {
            if (_isStopped)
            {
                fetched.Dispose();
                throw new OperationCanceledException(_stopping.Token);
            }

            Retire();
            _current = fetched;
            _failure = null;
            _lastFetch = _time.GetTimestamp();
            _backoff.Reset();
        }

        _events?.Fetched(Identity, fetched.NotAfter);
        return RefreshTimes.Until(fetched, _time.GetUtcNow(), Random.Shared.NextDouble());
    }

    private TimeSpan Refuse(string reason)
    {
        TimeSpan wait = _backoff.Next();
        lock (_gate)
        {
            _failure = reason;
            if (_current is { } current && IsValid(current))
            {
                TimeSpan untilExpiry = current.NotAfter - _time.GetUtcNow();
                wait = untilExpiry < wait ? untilExpiry : wait;
            }
        }

        _events?.FetchFailed(Identity, reason, wait);
        return wait;
    }

    /// <summary>Ends early when <see cref="Reconsider"/> finds that it is time.</summary>
    private async Task WaitAsync(TimeSpan wait)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        lock (_gate)
        {
            _waiting = waiting;
        }

        try
        {
            await DelayAsync(wait, waiting.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            // Reconsidered.
            return;
        }
        finally
        {
            lock (_gate)
            {
                _waiting = null;
            }
        }
    }

    private async Task DelayAsync(TimeSpan wait, CancellationToken cancellation)
    {
        DateTimeOffset end = _time.GetUtcNow() + wait;
        for (TimeSpan left = wait; left > TimeSpan.Zero; left = end - _time.GetUtcNow())
        {
            // Timers cut to milliseconds: without rounding up, the last fraction would be waited for in a busy circle.
            TimeSpan rounded = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            await Task.Delay(rounded < LongestWait ? rounded : LongestWait, _time, cancellation);
        }
    }

    /// <summary>Asked for since it was fetched, or to be kept in any case; one that never came is tried for longer than nobody asks.</summary>
    private bool IsUsed()
    {
        lock (_gate)
        {
            long lastUse = Volatile.Read(ref _lastUse);
            return _isKept || (_current is null ? _time.GetElapsedTime(lastUse) < UnusedFailingFor : lastUse > _lastFetch);
        }
    }

    private bool IsValid(WorkloadCertificate? certificate) =>
        certificate is not null && _time.GetUtcNow() is var now && certificate.NotBefore <= now && now < certificate.NotAfter;

    /// <summary>Inside the gate.</summary>
    private void Retire()
    {
        if (_current is { } replaced)
        {
            _retired.Add(replaced);
            _current = null;
        }
    }
}
