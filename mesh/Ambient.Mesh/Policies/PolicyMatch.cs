using System.Collections.Immutable;
using Ambient.Mesh.Addresses;

namespace Ambient.Mesh.Policies;

/// <summary>
/// Conditions that must all hold; within one list any value suffices, and a Not list holds when none of its values does
/// (node-proxy 4.4). A match whose lists are all empty never holds.
/// </summary>
public sealed record PolicyMatch
{
    public ImmutableArray<StringMatch> Namespaces { get; init; } = [];

    public ImmutableArray<StringMatch> NotNamespaces { get; init; } = [];

    public ImmutableArray<StringMatch> Principals { get; init; } = [];

    public ImmutableArray<StringMatch> NotPrincipals { get; init; } = [];

    public ImmutableArray<ServiceAccountMatch> ServiceAccounts { get; init; } = [];

    public ImmutableArray<ServiceAccountMatch> NotServiceAccounts { get; init; } = [];

    public ImmutableArray<IpPrefix> SourceIps { get; init; } = [];

    public ImmutableArray<IpPrefix> NotSourceIps { get; init; } = [];

    public ImmutableArray<IpPrefix> DestinationIps { get; init; } = [];

    public ImmutableArray<IpPrefix> NotDestinationIps { get; init; } = [];

    public ImmutableArray<ushort> DestinationPorts { get; init; } = [];

    public ImmutableArray<ushort> NotDestinationPorts { get; init; } = [];

    public bool IsEmpty =>
        Namespaces.IsEmpty && NotNamespaces.IsEmpty && Principals.IsEmpty && NotPrincipals.IsEmpty
        && ServiceAccounts.IsEmpty && NotServiceAccounts.IsEmpty && SourceIps.IsEmpty && NotSourceIps.IsEmpty
        && DestinationIps.IsEmpty && NotDestinationIps.IsEmpty && DestinationPorts.IsEmpty && NotDestinationPorts.IsEmpty;

    public bool Matches(AuthorizationRequest request) =>
        !IsEmpty
        && Holds(Namespaces, NotNamespaces, request.Namespace, static (match, value) => match.Matches(value))
        && Holds(Principals, NotPrincipals, request.Principal, static (match, value) => value is not null && match.Matches(value))
        && Holds(ServiceAccounts, NotServiceAccounts, request, static (match, value) => value.IsAccount(match))
        && Holds(SourceIps, NotSourceIps, request.SourceIp, static (prefix, ip) => prefix.Contains(ip))
        && Holds(DestinationIps, NotDestinationIps, request.DestinationIp, static (prefix, ip) => prefix.Contains(ip))
        && Holds(DestinationPorts, NotDestinationPorts, request.DestinationPort, static (port, value) => port == value);

    private static bool Holds<TCondition, TValue>(
        ImmutableArray<TCondition> any, ImmutableArray<TCondition> none, TValue value, Func<TCondition, TValue, bool> matches) =>
        (any.IsEmpty || AnyMatches(any, value, matches)) && (none.IsEmpty || !AnyMatches(none, value, matches));

    private static bool AnyMatches<TCondition, TValue>(
        ImmutableArray<TCondition> conditions, TValue value, Func<TCondition, TValue, bool> matches)
    {
        foreach (TCondition condition in conditions)
        {
            if (matches(condition, value))
            {
                return true;
            }
        }

        return false;
    }
}
