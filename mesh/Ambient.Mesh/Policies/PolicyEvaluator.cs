using System.Collections.Immutable;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Policies;

/// <summary>Decides whether a connection may reach a workload (node-proxy 4.2 to 4.4). Pure: same inputs, same answer.</summary>
public static class PolicyEvaluator
{
    private static readonly AuthorizationDecision AllowedWithoutPolicies =
        new(true, null, [new AuthorizationNote(AuthorizationEvent.NoAllowPolicies, null)]);

    /// <summary>
    /// Evaluates the namespace's policies, the global ones and those the workload names. A named policy that is not known is skipped
    /// and noted, as every peer does: a DENY that was not delivered does not deny.
    /// </summary>
    public static AuthorizationDecision Evaluate(MeshSnapshot snapshot, Workload destination, AuthorizationRequest request)
    {
        ImmutableArray<AuthorizationNote>.Builder? notes = null;
        List<AuthorizationPolicy>? applicable = Collect(snapshot, destination, ref notes);
        if (applicable is null)
        {
            return notes is null ? AllowedWithoutPolicies : Allow(ref notes, AuthorizationEvent.NoAllowPolicies, null);
        }

        NoteDryRun(applicable, PolicyAction.Deny, request, ref notes);
        foreach (AuthorizationPolicy policy in applicable)
        {
            if (policy is { Action: PolicyAction.Deny, DryRun: false } && policy.Matches(request))
            {
                Note(ref notes, AuthorizationEvent.DenyMatch, policy.Key);
                return new AuthorizationDecision(false, $"explicitly denied by: {policy.Key}", notes!.DrainToImmutable());
            }
        }

        NoteDryRun(applicable, PolicyAction.Allow, request, ref notes);
        return DecideAllow(applicable, request, ref notes);
    }

    /// <summary>The policies that can refuse a connection to a workload, dry-run ones left out.</summary>
    public static IReadOnlyList<AuthorizationPolicy> EnforcedPolicies(MeshSnapshot snapshot, Workload destination)
    {
        ImmutableArray<AuthorizationNote>.Builder? notes = null;
        return [.. (Collect(snapshot, destination, ref notes) ?? []).Where(policy => !policy.DryRun)];
    }

    private static AuthorizationDecision DecideAllow(
        List<AuthorizationPolicy> applicable, AuthorizationRequest request, ref ImmutableArray<AuthorizationNote>.Builder? notes)
    {
        bool anyAllow = false;
        foreach (AuthorizationPolicy policy in applicable)
        {
            if (policy is not { Action: PolicyAction.Allow, DryRun: false })
            {
                continue;
            }

            anyAllow = true;
            if (policy.Matches(request))
            {
                return Allow(ref notes, AuthorizationEvent.AllowMatch, policy.Key);
            }
        }

        if (!anyAllow)
        {
            return Allow(ref notes, AuthorizationEvent.NoAllowPolicies, null);
        }

        Note(ref notes, AuthorizationEvent.NoAllowMatch, null);
        return new AuthorizationDecision(false, AuthorizationDecision.NoneAllowed, notes!.DrainToImmutable());
    }

    private static List<AuthorizationPolicy>? Collect(
        MeshSnapshot snapshot, Workload destination, ref ImmutableArray<AuthorizationNote>.Builder? notes)
    {
        List<AuthorizationPolicy>? applicable = null;
        if (destination.Namespace.Length > 0)
        {
            Add(ref applicable, snapshot.PoliciesOfNamespace(destination.Namespace));
        }

        Add(ref applicable, snapshot.PoliciesOfNamespace(string.Empty));
        foreach (string key in destination.AuthorizationPolicies)
        {
            if (snapshot.FindPolicy(key) is { } policy)
            {
                (applicable ??= []).Add(policy);
            }
            else
            {
                Note(ref notes, AuthorizationEvent.UnknownPolicy, key);
            }
        }

        return applicable;
    }

    private static void Add(ref List<AuthorizationPolicy>? applicable, ReadOnlySpan<AuthorizationPolicy> policies)
    {
        if (!policies.IsEmpty)
        {
            (applicable ??= []).AddRange(policies);
        }
    }

    private static void NoteDryRun(
        List<AuthorizationPolicy> applicable,
        PolicyAction action,
        AuthorizationRequest request,
        ref ImmutableArray<AuthorizationNote>.Builder? notes)
    {
        bool any = false;
        bool matched = false;
        foreach (AuthorizationPolicy policy in applicable)
        {
            if (!policy.DryRun || policy.Action != action)
            {
                continue;
            }

            any = true;
            if (policy.Matches(request))
            {
                matched = true;
                Note(ref notes, action == PolicyAction.Deny ? AuthorizationEvent.DryRunDenyMatch : AuthorizationEvent.DryRunAllowMatch, policy.Key);
            }
        }

        if (action == PolicyAction.Allow && any && !matched)
        {
            Note(ref notes, AuthorizationEvent.DryRunNoAllowMatch, null);
        }
    }

    private static AuthorizationDecision Allow(
        ref ImmutableArray<AuthorizationNote>.Builder? notes, AuthorizationEvent reason, string? policy)
    {
        Note(ref notes, reason, policy);
        return new AuthorizationDecision(true, null, notes!.DrainToImmutable());
    }

    private static void Note(ref ImmutableArray<AuthorizationNote>.Builder? notes, AuthorizationEvent what, string? policy) =>
        (notes ??= ImmutableArray.CreateBuilder<AuthorizationNote>()).Add(new AuthorizationNote(what, policy));
}
