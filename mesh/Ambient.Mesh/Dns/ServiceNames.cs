using System.Collections.Immutable;
using Ambient.Mesh.State;

namespace Ambient.Mesh.Dns;

/// <summary>
/// Which service of the mesh a client means by a name (node-proxy 8.2): the name as it is, what Kubernetes would expand it to, and the
/// same without a search domain that the client's own resolver put behind it; of each, the name itself before wildcards.
/// </summary>
public sealed class ServiceNames
{
    private readonly string _domain;
    private readonly string _serviceDomain;
    private readonly string? _preferredNamespace;
    private readonly ImmutableArray<string>? _searchDomains;

    /// <param name="clusterDomain">Such as <c>cluster.local</c>.</param>
    /// <param name="preferredNamespace">PREFERED_SERVICE_NAMESPACE.</param>
    /// <param name="searchDomains">The client's, without final dots; null computes those that Kubernetes gives a pod.</param>
    public ServiceNames(string clusterDomain, string? preferredNamespace, ImmutableArray<string>? searchDomains = null)
    {
        _domain = clusterDomain.TrimEnd('.').ToLowerInvariant();
        _serviceDomain = $"svc.{_domain}";
        _preferredNamespace = preferredNamespace;
        _searchDomains = searchDomains;
    }

    /// <summary>Null when the mesh does not know the name, which is then somebody else's.</summary>
    /// <param name="mesh">The services.</param>
    /// <param name="clientNamespace">Preferred, and the one that visibility is judged for.</param>
    /// <param name="name">Lower case, without a final dot.</param>
    public ServiceNameMatch? Find(MeshSnapshot mesh, string clientNamespace, string name)
    {
        foreach ((string alias, string? stripped) in AliasesOf(name, clientNamespace))
        {
            foreach (string candidate in WithWildcards(alias))
            {
                if (mesh.FindNamedService(candidate, clientNamespace, _preferredNamespace, $".{_serviceDomain}") is { } service)
                {
                    return new ServiceNameMatch(service, stripped, candidate.StartsWith('*'));
                }
            }
        }

        return null;
    }

    /// <summary>The names to look for, in order, each once; with the stripped name from which the later ones come.</summary>
    internal IEnumerable<(string Name, string? Stripped)> AliasesOf(string name, string clientNamespace)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { name };
        yield return (name, null);
        foreach (string expanded in Expansions(name, clientNamespace).Where(seen.Add))
        {
            yield return (expanded, null);
        }

        foreach (string domain in SearchDomainsOf(clientNamespace))
        {
            if (WithoutDomain(name, domain) is not { } stripped)
            {
                continue;
            }

            if (seen.Add(stripped))
            {
                yield return (stripped, stripped);
            }

            foreach (string expanded in Expansions(stripped, clientNamespace).Where(seen.Add))
            {
                yield return (expanded, stripped);
            }
        }
    }

    /// <summary><c>a.b.c</c>: itself, <c>*.b.c</c>, <c>*.c</c>.</summary>
    internal static IEnumerable<string> WithWildcards(string name)
    {
        yield return name;
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return $"*{name[dot..]}";
        }
    }

    /// <summary>Null unless the name has the domain behind at least one label of its own.</summary>
    internal static string? WithoutDomain(string name, string domain) =>
        name.Length > domain.Length + 1 && name.EndsWith(domain, StringComparison.Ordinal) && name[^(domain.Length + 1)] == '.'
            ? name[..^(domain.Length + 1)]
            : null;

    internal IEnumerable<string> Expansions(string name, string clientNamespace)
    {
        int labels = name.Count(character => character == '.') + 1;
        bool endsWithService = name.EndsWith(".svc", StringComparison.Ordinal);
        return (labels, endsWithService) switch
        {
            (1, _) => [$"{name}.{clientNamespace}.{_serviceDomain}"],
            (2, _) => [$"{name}.{_serviceDomain}", $"{name}.{clientNamespace}.{_serviceDomain}"],
            (3, true) => [$"{name}.{_domain}", $"{name}.{_serviceDomain}"],
            (3, false) => [$"{name}.{_serviceDomain}"],
            (4, true) => [$"{name}.{_domain}"],
            _ => [],
        };
    }

    private ImmutableArray<string> SearchDomainsOf(string clientNamespace) =>
        _searchDomains ?? [$"{clientNamespace}.{_serviceDomain}", _serviceDomain, _domain];
}
