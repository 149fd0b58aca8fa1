using System.Collections.Immutable;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Policies;
using Ambient.Xds.Messages;

namespace Ambient.Xds.Decoding;

/// <summary>
/// One authorization policy (node-proxy 3.7.6). A condition that cannot be read (no kind of match, a bad address block) is left out of its
/// list, as every node proxy does: the nodes of a mesh must come to the same verdict. That can widen a match, so it is counted.
/// </summary>
internal sealed class PolicyDecoder
{
    private int _leftOut;

    /// <summary>Null when every condition was read.</summary>
    public string? Remark => _leftOut == 0
        ? null
        : $"{_leftOut} condition(s) without a kind of match or with a bad address block were left out: the other ones decide alone";

    /// <exception cref="InvalidResourceException">Unknown scope or action.</exception>
    public AuthorizationPolicy Decode(Authorization message) => new()
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

    private PolicyClause DecodeClause(AuthorizationClause clause) => new([.. clause.Matches.Select(DecodeMatch)]);

    private PolicyMatch DecodeMatch(AuthorizationMatch match) => new()
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

    private ImmutableArray<StringMatch> Strings(IReadOnlyList<StringMatchMessage> matches)
    {
        List<StringMatch> strings = [];
        foreach (StringMatchMessage match in matches)
        {
            switch (match.MatchTypeCase)
            {
                case StringMatchMessage.MatchTypeOneofCase.Exact:
                    strings.Add(StringMatch.Exact(match.Exact));
                    break;
                case StringMatchMessage.MatchTypeOneofCase.Prefix:
                    strings.Add(StringMatch.Prefix(match.Prefix));
                    break;
                case StringMatchMessage.MatchTypeOneofCase.Suffix:
                    strings.Add(StringMatch.Suffix(match.Suffix));
                    break;
                case StringMatchMessage.MatchTypeOneofCase.Presence:
                    strings.Add(StringMatch.Presence);
                    break;
                default:
                    _leftOut++;
                    break;
            }
        }

        return [.. strings];
    }

    private static ImmutableArray<ServiceAccountMatch> Accounts(IReadOnlyList<ServiceAccountMatchMessage> accounts) =>
        [.. accounts.Select(account => new ServiceAccountMatch(account.Namespace, account.ServiceAccount))];

    private static ImmutableArray<ushort> Ports(IReadOnlyList<uint> ports) => [.. ports.Select(port => (ushort)port)];

    private ImmutableArray<IpPrefix> Blocks(IReadOnlyList<AddressBlock> blocks)
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
            else
            {
                _leftOut++;
            }
        }

        return [.. prefixes];
    }
}
