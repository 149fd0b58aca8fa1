namespace Ambient.Ztunnel.Telemetry;

/// <summary>What telemetry says of one end. Null or empty = not known, printed <c>unknown</c> in labels, left out of the log.</summary>
/// <param name="PodName">The workload's own name.</param>
/// <param name="WorkloadName">What owns the pod, such as its deployment.</param>
/// <param name="Identity">The identity of the workload as text, whether or not it was proven by a certificate.</param>
/// <param name="IsFromBaggage">Told by the peer, not by the mesh state: it then names the app by its workload (node-proxy 9.3).</param>
internal sealed record WorkloadDescription(
    string? PodName,
    string? WorkloadName,
    string? CanonicalName,
    string? CanonicalRevision,
    string? Namespace,
    string? ClusterId,
    string? Region,
    string? Zone,
    string? Identity,
    bool IsFromBaggage = false)
{
    /// <summary>Whether two workloads give the same labels; the pod's name and identity are not among them.</summary>
    internal static bool PrintAlike(WorkloadDescription? left, WorkloadDescription? right) =>
        ReferenceEquals(left, right)
        || (left is not null
            && right is not null
            && left.WorkloadName == right.WorkloadName
            && left.CanonicalName == right.CanonicalName
            && left.CanonicalRevision == right.CanonicalRevision
            && left.Namespace == right.Namespace
            && left.ClusterId == right.ClusterId
            && left.Region == right.Region
            && left.Zone == right.Zone
            && left.IsFromBaggage == right.IsFromBaggage);

    internal string? App => IsFromBaggage ? WorkloadName : CanonicalName;
}
