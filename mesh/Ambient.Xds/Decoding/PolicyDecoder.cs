using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Policies;
using Ambient.Xds.Messages;

namespace Ambient.Xds.Decoding;

/// <summary>
/// Authorization policies (node-proxy 3.7.6). A condition that says nothing (no kind of match, a bad address block) is left out of its
/// list, as every node proxy does.
/// </summary>
internal static class PolicyDecoder
{
    /// <exception cref="InvalidResourceException">Unknown scope or action.</exception>
    public static AuthorizationPolicy Decode(Authorization message) => new()
    {
        Name = message.Name,
        Namespace = message.Namespace,
        Scope = message.Scope switch
        {
            AuthorizationScope.Global => PolicyScope.Global,
            AuthorizationScope.Namespace => PolicyScope.Namespace,
            AuthorizationScope.WorkloadSelector => PolicyScope.WorkloadSelector,
            _ => throw new InvalidResourceException($"unknown scope {(int)message.Scope}"),
        },
        Action = message.Action switch
        {
            AuthorizationAction.Allow => PolicyAction.Allow,
            AuthorizationAction.Deny => PolicyAction.Deny,
            _ => throw new InvalidResourceException($"unknown action {(int)message.Action}"),
        },
        Rules = [.. message.Rules.Select(rule => new PolicyRule([.. rule.Clauses.Select(DecodeClause)]))],
        DryRun = message.DryRun,
    };

    private static PolicyClause DecodeClause(AuthorizationClause clause) => new([.. clause.Matches.Select(DecodeMatch)]);

    private static PolicyMatch DecodeMatch(AuthorizationMatch match) => new()
    {
        Namespaces = Strings(match.Namespaces),
        NotNamespaces = Strings(match.NotNamespaces),
        Principals = Strings(match.Principals),
        NotPrincipals = Strings(match.NotPrincipals),
        ServiceAccounts = Accounts(match.ServiceAccounts),
        NotServiceAccounts = Accounts(match.NotServiceAccounts),
        SourceIps = Blocks(match.SourceIps),
        NotSourceIps = Blocks(match.NotSourceIps),
        DestinationIps = Blocks(match.DestinationIps),
        NotDestinationIps = Blocks(match.NotDestinationIps),
        DestinationPorts = Ports(match.DestinationPorts),
        NotDestinationPorts = Ports(match.NotDestinationPorts),
    };

    private static ImmutableArray<StringMatch> Strings(IReadOnlyList<StringMatchMessage> matches) =>
    [
        .. matches
            .Where(match => match.MatchTypeCase != StringMatchMessage.MatchTypeOneofCase.None)
            .Select(match => match.MatchTypeCase switch
            {
                StringMatchMessage.MatchTypeOneofCase.Exact => StringMatch.Exact(match.Exact),
                StringMatchMessage.MatchTypeOneofCase.Prefix => StringMatch.Prefix(match.Prefix),
                StringMatchMessage.MatchTypeOneofCase.Suffix => StringMatch.Suffix(match.Suffix),
                _ => StringMatch.Presence,
            }),
    ];

    private static ImmutableArray<ServiceAccountMatch> Accounts(IReadOnlyList<ServiceAccountMatchMessage> accounts) =>
        [.. accounts.Select(account => new ServiceAccountMatch(account.Namespace, account.ServiceAccount))];

    private static ImmutableArray<ushort> Ports(IReadOnlyList<uint> ports) => [.. ports.Select(port => (ushort)port)];

    private static ImmutableArray<IpPrefix> Blocks(IReadOnlyList<AddressBlock> blocks)
    {
        List<IpPrefix> prefixes = [];
        foreach (AddressBlock block in blocks)
        {
            if (MeshIp.TryFromBytes(block.Address.Span, out MeshIp ip)
                && block.Length <= ip.BitLength
                && IpPrefix.TryCreate(ip, (int)block.Length, out IpPrefix prefix))
            {
                prefixes.Add(prefix);
            }
        }

        return [.. prefixes];
    }
}
