using System.Collections.Immutable;
using Ambient.Kube.Resources.Security;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>One rule of an AuthorizationPolicy (control-plane-and-cni 5.9): a clause for its operations, one for its sources, one for each condition.</summary>
internal static class RuleTranslation
{
    /// <param name="place">The rule in words, for what is reported.</param>
    /// <param name="losses">Receives what a node proxy does not enforce.</param>
    /// <returns>Null when the rule must not be there: it would allow more than it says.</returns>
    public static AuthorizationRule? Translate(AccessRule rule, string home, bool deny, string place, List<string> losses)
    {
        AuthorizationRule translated = new();
        MatchBuilder[] operations = [.. rule.To.Select(to => Operation(to.Operation ?? new AccessOperation(), $"{place} to", losses))];
        MatchBuilder[] sources = [.. rule.From.Select(from => Source(from.Source ?? new AccessSource(), home, $"{place} from", losses))];
        MatchBuilder[] conditions = [.. rule.When.Select(when => Condition(when, $"{place} when", losses))];
        if (!deny && operations.Concat(sources).Concat(conditions).Any(match => match.HasLoss))
        {
            return null;
        }

        AddClause(translated, operations);
        AddClause(translated, sources);
        foreach (MatchBuilder condition in conditions)
        {
            AddClause(translated, [condition]);
        }

        return Enforceable(translated, operations.Length + sources.Length + conditions.Length);
    }

    // A clause of which nothing is left would never match, and with it the rule: it is left out, so that the rest is enforced.
    private static void AddClause(AuthorizationRule rule, MatchBuilder[] matches)
    {
        AuthorizationMatch[] kept = [.. matches.Where(match => !match.IsLost).Select(match => match.Match)];
        if (kept.Length > 0)
        {
            rule.Clauses.Add(new AuthorizationClause { Matches = { kept } });
        }
    }

    // A rule without clauses matches everything. Where that is not what was written, one that never matches stands for it.
    private static AuthorizationRule Enforceable(AuthorizationRule rule, int written)
    {
        if (rule.Clauses.Count == 0 && written > 0)
        {
            rule.Clauses.Add(new AuthorizationClause { Matches = { new AuthorizationMatch() } });
        }

        return rule;
    }

    private static MatchBuilder Operation(AccessOperation operation, string place, List<string> losses)
    {
        MatchBuilder match = new(place, losses);
        match.Ports(match.Match.DestinationPorts, operation.Ports, "ports");
        match.Ports(match.Match.NotDestinationPorts, operation.NotPorts, "notPorts");
        match.Lose(operation.Hosts, "hosts");
        match.Lose(operation.NotHosts, "notHosts");
        match.Lose(operation.Methods, "methods");
        match.Lose(operation.NotMethods, "notMethods");
        match.Lose(operation.Paths, "paths");
        match.Lose(operation.NotPaths, "notPaths");
        match.LoseIfEmpty();
        return match;
    }

    private static MatchBuilder Source(AccessSource source, string home, string place, List<string> losses)
    {
        MatchBuilder match = new(place, losses);
        MatchBuilder.Principals(match.Match.Principals, source.Principals);
        MatchBuilder.Principals(match.Match.NotPrincipals, source.NotPrincipals);
        MatchBuilder.Texts(match.Match.Namespaces, source.Namespaces);
        MatchBuilder.Texts(match.Match.NotNamespaces, source.NotNamespaces);
        MatchBuilder.Accounts(match.Match.ServiceAccounts, source.ServiceAccounts, home);
        MatchBuilder.Accounts(match.Match.NotServiceAccounts, source.NotServiceAccounts, home);
        match.Blocks(match.Match.SourceIps, source.IpBlocks, "ipBlocks");
        match.Blocks(match.Match.NotSourceIps, source.NotIpBlocks, "notIpBlocks");
        match.Lose(source.RequestPrincipals, "requestPrincipals");
        match.Lose(source.NotRequestPrincipals, "notRequestPrincipals");
        match.Lose(source.RemoteIpBlocks, "remoteIpBlocks");
        match.Lose(source.NotRemoteIpBlocks, "notRemoteIpBlocks");
        match.LoseIfEmpty();
        return match;
    }

    private static MatchBuilder Condition(AccessCondition condition, string place, List<string> losses)
    {
        MatchBuilder builder = new(place, losses);
        AuthorizationMatch match = builder.Match;
        switch (condition.Key)
        {
            case "source.ip":
                builder.Blocks(match.SourceIps, condition.Values, condition.Key);
                builder.Blocks(match.NotSourceIps, condition.NotValues, condition.Key);
                break;
            case "source.namespace":
                MatchBuilder.Texts(match.Namespaces, condition.Values);
                MatchBuilder.Texts(match.NotNamespaces, condition.NotValues);
                break;
            case "source.principal":
                MatchBuilder.Principals(match.Principals, condition.Values);
                MatchBuilder.Principals(match.NotPrincipals, condition.NotValues);
                break;
            case "destination.ip":
                builder.Blocks(match.DestinationIps, condition.Values, condition.Key);
                builder.Blocks(match.NotDestinationIps, condition.NotValues, condition.Key);
                break;
            case "destination.port":
                builder.Ports(match.DestinationPorts, condition.Values, condition.Key);
                builder.Ports(match.NotDestinationPorts, condition.NotValues, condition.Key);
                break;
            default:
                builder.Lose(ImmutableArray.Create(condition.Key), $"key {Quoted.Text(condition.Key)}");
                break;
        }

        builder.LoseIfEmpty();
        return builder;
    }
}
