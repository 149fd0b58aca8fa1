using System.Collections.Immutable;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.Policies;

/// <summary>Decides whether a connection may reach a workload (node-proxy 4.2 to 4.4). Pure: same inputs, same answer.</summary>
public static class PolicyEvaluator
{
    private static readonly AuthorizationDecision AllowedWithoutPolicies =
        new(true, null, [new AuthorizationNote(AuthorizationEvent.NoAllowPolicies, null)]);

    private static readonly AuthorizationDecision NoneAllowed =
        new(false, AuthorizationDecision.NoneAllowed, [new AuthorizationNote(AuthorizationEvent.NoAllowMatch, null)]);

    /// <summary>
    /// Evaluates the namespace's policies, the global ones and those the workload names. A named policy that is not known is skipped
    /// and noted, as every peer does: a DENY that was not delivered does not deny.
    /// </summary>
    public static AuthorizationDecision Evaluate(MeshSnapshot snapshot, Workload destination, AuthorizationRequest request)
    {
        ImmutableArray<AuthorizationNote>.Builder? notes = null;
        ApplicablePolicies applicable = new(snapshot, destination);
        NoteUnknown(snapshot, destination, ref notes);
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
        List<AuthorizationPolicy> enforced = [];
        foreach (AuthorizationPolicy policy in new ApplicablePolicies(snapshot, destination))
        {
            if (!policy.DryRun)
            {
                enforced.Add(policy);
            }
        }

        return enforced;
    }

    private static AuthorizationDecision DecideAllow(
        ApplicablePolicies applicable, AuthorizationRequest request, ref ImmutableArray<AuthorizationNote>.Builder? notes)
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
            return notes is null ? AllowedWithoutPolicies : Allow(ref notes, AuthorizationEvent.NoAllowPolicies, null);
        }

        if (notes is null)
        {
            return NoneAllowed;
        }

        Note(ref notes, AuthorizationEvent.NoAllowMatch, null);
        return new AuthorizationDecision(false, AuthorizationDecision.NoneAllowed, notes!.DrainToImmutable());
    }

    private static void NoteUnknown(
        MeshSnapshot snapshot, Workload destination, ref ImmutableArray<AuthorizationNote>.Builder? notes)
    {
        foreach (string key in destination.AuthorizationPolicies)
        {
            if (snapshot.FindPolicy(key) is null)
            {
                Note(ref notes, AuthorizationEvent.UnknownPolicy, key);
            }
        }
    }

    private static void NoteDryRun(
        ApplicablePolicies applicable,
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
        // Almost always the only note: it needs no builder.
        if (notes is null)
        {
            return new AuthorizationDecision(true, null, [new AuthorizationNote(reason, policy)]);
        }

        Note(ref notes, reason, policy);
        return new AuthorizationDecision(true, null, notes!.DrainToImmutable());
    }

    private static void Note(ref ImmutableArray<AuthorizationNote>.Builder? notes, AuthorizationEvent what, string? policy) =>
        (notes ??= ImmutableArray.CreateBuilder<AuthorizationNote>()).Add(new AuthorizationNote(what, policy));
}
