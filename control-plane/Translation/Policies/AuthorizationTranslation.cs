using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources.Security;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>
/// AuthorizationPolicies for node proxies (control-plane-and-cni 5.9). What a node proxy cannot see is never guessed at: an ALLOW rule that
/// asks for it allows nothing, a DENY rule denies by what is left of it.
/// </summary>
internal static class AuthorizationTranslation
{
    /// <returns>Null when nodes are not told of it: it is attached to an object, or its action is not theirs.</returns>
    public static Authorization? Translate(AuthorizationPolicy policy, TranslationOptions options, ObjectReport report)
    {
        Carry(policy, report);
        if (IsAttached(policy))
        {
            return null;
        }

        if (Refusal(policy, options) is { } refusal)
        {
            report.Say(ConditionTypes.ZtunnelAccepted, false, Reasons.UnsupportedValue, refusal, problem: true);
            return null;
        }

        bool deny = policy.Spec.Action == "DENY";
        List<string> losses = [];
        Authorization message = new()
        {
            Name = policy.Metadata.Name,
            Namespace = policy.Metadata.Namespace,
            Scope = ScopeOf(policy, options),
            Action = deny ? AuthorizationAction.Deny : AuthorizationAction.Allow,
            DryRun = IsDryRun(policy),
        };
        for (int index = 0; index < policy.Spec.Rules.Length; index++)
        {
            if (RuleTranslation.Translate(policy.Spec.Rules[index], policy.Metadata.Namespace, deny, $"rule {index + 1}", losses) is { } rule)
            {
                message.Rules.Add(rule);
            }
        }

        Report(policy, message, losses, report);
        return message;
    }

    /// <summary>Notes which of our conditions the object carries.</summary>
    public static void Carry(AuthorizationPolicy policy, ObjectReport report) =>
        report.Carried.AddRange(policy.Status.Conditions.Select(condition => condition.Type)
            .Where(type => type is ConditionTypes.ZtunnelAccepted or ConditionTypes.WaypointAccepted));

    /// <summary>Whether it is for a waypoint.</summary>
    public static bool IsAttached(AuthorizationPolicy policy) => policy.Spec.TargetRef is not null || !policy.Spec.TargetRefs.IsEmpty;

    private static string? Refusal(AuthorizationPolicy policy, TranslationOptions options)
    {
        if (policy.Spec.Action is not ("" or "ALLOW" or "DENY"))
        {
            return $"action {Quoted.Text(policy.Spec.Action)} is not enforced by node proxies; attach the policy to a waypoint by targetRefs, or use ALLOW or DENY";
        }

        return IsDryRun(policy) && !options.DryRunPolicies
            ? $"annotation {MeshLabels.DryRun} is true, and dry-run policies are off; set AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY=true or remove the annotation"
            : null;
    }

    private static bool IsDryRun(AuthorizationPolicy policy) =>
        string.Equals(policy.Metadata.Annotations.GetValueOrDefault(MeshLabels.DryRun), "true", StringComparison.OrdinalIgnoreCase);

    private static AuthorizationScope ScopeOf(AuthorizationPolicy policy, TranslationOptions options)
    {
        if (policy.Spec.Selector is { MatchLabels.IsEmpty: false })
        {
            return AuthorizationScope.WorkloadSelector;
        }

        return policy.Metadata.Namespace == options.RootNamespace ? AuthorizationScope.Global : AuthorizationScope.Namespace;
    }

    private static void Report(AuthorizationPolicy policy, Authorization message, List<string> losses, ObjectReport report)
    {
        if (losses.Count == 0)
        {
            report.Say(ConditionTypes.ZtunnelAccepted, true, Reasons.Accepted, "enforced by node proxies", problem: false);
            return;
        }

        string effect = message.Action == AuthorizationAction.Allow
            ? message.Rules.Count == 0 ? "no rule is left, so everything is denied" : "those rules allow nothing"
            : message.Rules.All(NeverMatches) ? "nothing is left to deny by, so nothing is denied" : "what is left of those rules is enforced alone";
        string text = $"{string.Join("; ", losses.Distinct())}: not enforced by node proxies; {effect}. Attach the policy to a waypoint by targetRefs to have all of it enforced";
        report.Say(ConditionTypes.ZtunnelAccepted, true, Reasons.UnsupportedValue, text, problem: true);
    }

    private static bool NeverMatches(AuthorizationRule rule) =>
        rule.Clauses.Any(clause => clause.Matches.Count > 0 && clause.Matches.All(match => match.CalculateSize() == 0));
}
