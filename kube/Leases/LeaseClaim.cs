using Ambient.Kube.Client;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Leases;

/// <summary>
/// One candidate's view of a lease, and its tries to write it. Nobody's clock is compared with another's: a holder is believed dead when
/// its record did not change for the lease's duration while we looked.
/// </summary>
internal sealed class LeaseClaim(KubernetesClient client, LeaderElectionOptions options, TimeProvider time)
{
    private readonly ObjectName _name = new(options.Namespace, options.Name);
    private LeaseSpec? _seen;
    private long _seenAt;

    /// <summary>Who held the lease when it was last looked at; empty for nobody.</summary>
    public string Holder => _seen?.HolderIdentity ?? "";

    /// <summary>Takes the lease if it is free, renews it if it is ours.</summary>
    /// <returns>Whether it is ours now.</returns>
    /// <exception cref="KubernetesException">The lease could not be read, or was written by somebody else meanwhile.</exception>
    public async Task<bool> TryHoldAsync(CancellationToken cancellation)
    {
        if (await client.FindAsync(Lease.Type, _name, cancellation) is not { } lease)
        {
            var metadata = new ObjectMeta { Name = options.Name, Namespace = options.Namespace };
            Observe((await client.CreateAsync(Lease.Type, new Lease { Metadata = metadata, Spec = Claim(new LeaseSpec()) }, cancellation)).Spec);
            return true;
        }

        Observe(lease.Spec);
        if (lease.Spec.HolderIdentity.Length > 0 && lease.Spec.HolderIdentity != options.Identity && !IsAbandoned(lease.Spec))
        {
            return false;
        }

        // The version makes it a comparison and a swap: of several candidates that found it free, one gets it.
        Observe((await client.ReplaceAsync(Lease.Type, lease with { Spec = Claim(lease.Spec) }, cancellation)).Spec);
        return true;
    }

    /// <summary>Gives the lease back, so that another need not wait for its end. Nothing happens if it is not ours any more.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (await client.FindAsync(Lease.Type, _name, cancellation) is not { } lease || lease.Spec.HolderIdentity != options.Identity)
        {
            return;
        }

        LeaseSpec free = lease.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = time.GetUtcNow() };
        await client.ReplaceAsync(Lease.Type, lease with { Spec = free }, cancellation);
    }

    private void Observe(LeaseSpec spec)
    {
        if (_seen is null || _seen.HolderIdentity != spec.HolderIdentity || _seen.RenewTime != spec.RenewTime || _seen.LeaseTransitions != spec.LeaseTransitions)
        {
            _seenAt = time.GetTimestamp();
        }

        _seen = spec;
    }

    private bool IsAbandoned(LeaseSpec spec)
    {
        TimeSpan duration = spec.LeaseDurationSeconds is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration;
        return time.GetElapsedTime(_seenAt) > duration;
    }

    private LeaseSpec Claim(LeaseSpec current)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool isOurs = current.HolderIdentity == options.Identity;
        return current with
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds),
            AcquireTime = isOurs ? current.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = isOurs || current.AcquireTime is null ? current.LeaseTransitions : current.LeaseTransitions + 1,
        };
    }
}
