using Ambient.Kube.Client;

namespace Ambient.Kube.Leases;

/// <summary>What is worth a line in a log of an election. Must not block or throw.</summary>
public interface ILeadershipEvents
{
    /// <summary>We lead.</summary>
    void Won();

    /// <summary>We lead no longer: the lease was not renewed in time, was taken, or was given back.</summary>
    void Lost();

    /// <summary>Somebody else holds the lease.</summary>
    void Follows(string holder);

    /// <summary>The lease could not be read or written; tried again after the retry period.</summary>
    void Failed(KubernetesException error);
}
