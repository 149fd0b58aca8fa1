using System.Collections.Immutable;

namespace Ambient.Mesh.Policies;

/// <summary>The outcome of evaluating the policies of one workload for one connection.</summary>
/// <param name="IsAllowed">Whether the connection may proceed.</param>
/// <param name="Reason">Why not, e.g. <c>explicitly denied by: ns/name</c>; null when allowed.</param>
/// <param name="Notes">The policy log of this evaluation in order, dry-run results included.</param>
public sealed record AuthorizationDecision(bool IsAllowed, string? Reason, ImmutableArray<AuthorizationNote> Notes)
{
    public const string WorkloadNotFound = "workload not found";
    public const string WorkloadMismatch = "workload mismatch";
    public const string NoneAllowed = "allow policies exist, but none allowed";

    /// <summary>The access-log error of a rejection; null when allowed.</summary>
    public string? Error => IsAllowed ? null : $"connection closed due to policy rejection: {Reason}";

    /// <summary>A rejection that no policy made, such as <see cref="WorkloadNotFound"/>.</summary>
    public static AuthorizationDecision Reject(string reason) => new(false, reason, []);
}
