using Ambient.Kube.Client;

namespace Ambient.Kube.Leases;

/// <summary>
/// Of several candidates lets one work at a time (coordination.k8s.io/v1 Lease). The leader stops when it could not renew for the renew
/// deadline, counted from before the last renewal was sent; others begin after the lease duration, which is longer, counted from when
/// they saw that renewal.
/// </summary>
public sealed class LeaderElector
{
    private readonly LeaderElectionOptions _options;
    private readonly ILeadershipEvents _events;
    private readonly TimeProvider _time;
    private readonly LeaseClaim _claim;
    private long _heldSince;
    private volatile bool _isHeld;
    private string _lastHolder = "";

    /// <exception cref="ArgumentException">The durations do not keep leaders apart.</exception>
    public LeaderElector(KubernetesClient client, LeaderElectionOptions options, ILeadershipEvents events, TimeProvider time)
    {
        options.Validate();
        _options = options;
        _events = events;
        _time = time;
        _claim = new LeaseClaim(client, options, time);
    }

    /// <summary>Whether we lead at this moment. False from the renew deadline on, even where no timer could run, as in a machine that was suspended.</summary>
    public bool IsLeader => _isHeld && _time.GetElapsedTime(Interlocked.Read(ref _heldSince)) < _options.RenewDeadline;

    /// <summary>
    /// Takes part until it is cancelled: waits for the lease, runs the work, and takes part again when the lease was lost. Gives the lease
    /// back at the end.
    /// </summary>
    /// <param name="lead">
    /// The work of the leader. Its token is cancelled when the lease is lost or not to be had any longer, and it must end then: a second
    /// leader may begin no earlier than lease duration less renew deadline after. When it ends by itself, the lease is given back and tried for again.
    /// </param>
    /// <param name="cancellation">Ends it; it then returns.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (await TryHoldAsync(cancellation))
                {
                    await LeadAsync(lead, cancellation);
                }

                await Task.Delay(WithJitter(_options.RetryPeriod), _time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        using var lost = new CancellationTokenSource(RemainingTime(), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, cancellation);
        _events.Won();
        Task work = StartAsync(lead, either.Token);
        try
        {
            await RenewAsync(work, lost, either.Token);
        }
        finally
        {
            _isHeld = false;
            _events.Lost();

            // A renewal that another candidate's write defeated ends the work at once.
            await lost.CancelAsync();
        }

        try
        {
            await work;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
        }
        finally
        {
            // Only now: the work has ended, so another may begin.
            await ReleaseAsync();
        }
    }

    /// <summary>Returns when the lease is lost, the work has ended or the whole is cancelled.</summary>
    private async Task RenewAsync(Task work, CancellationTokenSource lost, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                Task pause = Task.Delay(_options.RetryPeriod, _time, cancellation);
                if (await Task.WhenAny(pause, work) == work)
                {
                    return;
                }

                await pause;
                if (await TryHoldAsync(cancellation))
                {
                    lost.CancelAfter(RemainingTime());
                }
                else if (_claim.Holder != _options.Identity)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    /// <summary>One try. The time before it was sent is the time from which our hold counts.</summary>
    private async Task<bool> TryHoldAsync(CancellationToken cancellation)
    {
        long sentAt = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_options.RenewDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            bool isOurs = await _claim.TryHoldAsync(either.Token);
            if (isOurs)
            {
                Interlocked.Exchange(ref _heldSince, sentAt);
                _isHeld = true;
            }

            TellHolder();
            return isOurs && IsLeader;
        }
        catch (KubernetesException error)
        {
            // A conflict is the ordinary way to come second.
            if (!error.IsConflict && !error.IsAlreadyExists)
            {
                _events.Failed(error);
            }

            return false;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            _events.Failed(new KubernetesException(KubernetesFailure.TimedOut, $"The lease {_options.Namespace}/{_options.Name} was not answered for in time."));
            return false;
        }
    }

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(_options.RetryPeriod, _time);
        try
        {
            await _claim.ReleaseAsync(limit.Token);
        }
        catch (KubernetesException error)
        {
            _events.Failed(error);
        }
        catch (OperationCanceledException)
        {
            _events.Failed(new KubernetesException(KubernetesFailure.TimedOut, $"The lease {_options.Namespace}/{_options.Name} was not given back in time."));
        }
    }

    /// <summary>Work that throws before its first wait is a failed task as any other.</summary>
    private static async Task StartAsync(Func<CancellationToken, Task> lead, CancellationToken cancellation)
    {
        await Task.Yield();
        await lead(cancellation);
    }

    private void TellHolder()
    {
        string holder = _claim.Holder;
        if (holder != _lastHolder && holder.Length > 0 && holder != _options.Identity)
        {
            _events.Follows(holder);
        }

        _lastHolder = holder;
    }

    private TimeSpan RemainingTime()
    {
        TimeSpan left = _options.RenewDeadline - _time.GetElapsedTime(Interlocked.Read(ref _heldSince));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Candidates that started together do not try together.</summary>
    private static TimeSpan WithJitter(TimeSpan period) => period * (1 + (0.2 * Random.Shared.NextDouble()));
}
