using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>
/// One identity's certificate over time. A single loop fetches, so there is never more than one fetch per identity; callers
/// wait for its first outcome and read the current one afterwards.
/// </summary>
internal sealed class CertificateEntry : IDisposable
{
    private const string ForgottenReason = "the identity was forgotten";

    /// <summary>Timers take at most 49 days; a longer wait is made of several.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Longer than any handshake that may still be about to use a certificate that was replaced.</summary>
    private static readonly TimeSpan RetireDelay = TimeSpan.FromMinutes(1);

    private readonly SpiffeId _identity;
    private readonly CertificateFetcher _fetcher;
    private readonly TimeProvider _time;
    private readonly ICertificateEvents? _events;
    private readonly FetchBackoff _backoff = new(Random.Shared.NextDouble);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstOutcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly HashSet<WorkloadCertificate> _retired = [];
    private WorkloadCertificate? _current;
    private string? _failure;
    private bool _isStopped;

    public CertificateEntry(SpiffeId identity, CertificateFetcher fetcher, TimeProvider time, ICertificateEvents? events)
    {
        _identity = identity;
        _fetcher = fetcher;
        _time = time;
        _events = events;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Ends after <see cref="Stop"/>.</summary>
    public Task Completion { get; }

    public async ValueTask<CertificateResult> GetAsync(CancellationToken cancellation)
    {
        if (!_firstOutcome.Task.IsCompleted)
        {
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
                : new CertificateResult(null, _failure ?? $"the certificate of {_identity} expired and was not renewed yet");
        }
    }

    public CertificateState Describe()
    {
        lock (_gate)
        {
            CertificatePhase phase = !_firstOutcome.Task.IsCompleted ? CertificatePhase.Initializing
                : IsValid(_current) ? CertificatePhase.Available
                : CertificatePhase.Unavailable;
            return new CertificateState(_identity, phase, phase == CertificatePhase.Available ? _current : null, _failure);
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
            Retire(_current);
            _current = null;
        }

        _firstOutcome.TrySetResult();
        _stopping.Cancel();
    }

    /// <summary>Clears the keys now; after <see cref="Stop"/> and <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (WorkloadCertificate certificate in _retired)
            {
                certificate.Dispose();
            }

            _retired.Clear();
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                TimeSpan wait = await FetchOnceAsync();
                _firstOutcome.TrySetResult();
                await WaitAsync(wait);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
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
            WorkloadCertificate fetched = await _fetcher.FetchAsync(_identity, _stopping.Token);
            return Accept(fetched);
        }
        catch (Exception failure) when (!_stopping.IsCancellationRequested)
        {
            return Refuse(failure is CertificateFetchException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private TimeSpan Accept(WorkloadCertificate fetched)
    {
        if (!IsValid(fetched))
        {
            DateTimeOffset end = fetched.NotAfter;
            fetched.Dispose();
            return Refuse($"the certificate received for {_identity} is not valid now (it ends {end:u})");
        }

        lock (_gate)
        {
            if (_isStopped)
            {
                fetched.Dispose();
                throw new OperationCanceledException(_stopping.Token);
            }

            Retire(_current);
            _current = fetched;
            _failure = null;
            _backoff.Reset();
        }

        _events?.Fetched(_identity, fetched.NotAfter);
        TimeSpan untilRefresh = fetched.RefreshAt - _time.GetUtcNow();

        // A certificate past its half life is refreshed at once, but never in a tight circle.
        return untilRefresh > FetchBackoff.First ? untilRefresh : FetchBackoff.First;
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

        _events?.FetchFailed(_identity, reason, wait);
        return wait;
    }

    private async Task WaitAsync(TimeSpan wait)
    {
        DateTimeOffset end = _time.GetUtcNow() + wait;
        for (TimeSpan left = wait; left > TimeSpan.Zero; left = end - _time.GetUtcNow())
        {
            // Timers cut to milliseconds: without rounding up, the last fraction would be waited for in a busy circle.
            TimeSpan rounded = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            await Task.Delay(rounded < LongestWait ? rounded : LongestWait, _time, _stopping.Token);
        }
    }

    private bool IsValid(WorkloadCertificate? certificate) =>
        certificate is not null && _time.GetUtcNow() is var now && certificate.NotBefore <= now && now < certificate.NotAfter;

    /// <summary>Inside the gate. The key is cleared a little later: a handshake may be about to use it.</summary>
    private void Retire(WorkloadCertificate? certificate)
    {
        if (certificate is not null && _retired.Add(certificate))
        {
            _ = ClearLaterAsync(certificate);
        }
    }

    private async Task ClearLaterAsync(WorkloadCertificate certificate)
    {
        await Task.Delay(RetireDelay, _time);
        certificate.Dispose();
        lock (_gate)
        {
            _retired.Remove(certificate);
        }
    }
}
