namespace Ambient.Kube.Leases;

/// <summary>Which lease to hold, as whom, and how long. The durations are those of Kubernetes' own components.</summary>
/// <param name="Namespace">The namespace of the lease.</param>
/// <param name="Name">Its name.</param>
/// <param name="Identity">Who we are: unlike that of every other candidate, such as the pod's name.</param>
public sealed record LeaderElectionOptions(string Namespace, string Name, string Identity)
{
    /// <summary>How long others wait after the last renewal that they saw.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after its last renewal the leader gives up: earlier than anybody else may begin.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the lease is renewed, or tried for.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">Two could lead at once, or nobody.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Namespace);
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentException.ThrowIfNullOrEmpty(Identity);
        if (RetryPeriod <= TimeSpan.Zero || RenewDeadline <= RetryPeriod * 1.2 || LeaseDuration <= RenewDeadline || LeaseDuration < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException(
                $"Leader election needs retry period ({RetryPeriod}) < renew deadline ({RenewDeadline}) < lease duration ({LeaseDuration}), and a second at least.");
        }
    }
}
