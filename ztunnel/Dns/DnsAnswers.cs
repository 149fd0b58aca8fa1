using Ambient.Mesh.Dns;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// The mesh's answers for the pods that are served. In dedicated mode the pod's resolver reads the very file that the proxy reads, so they follow
/// its search domains. Thread-safe.
/// </summary>
internal sealed class DnsAnswers(ProxyOptions proxy, bool hasIPv6, Func<ResolverConfiguration> resolvers)
{
    private volatile Made? _made;

    public MeshAnswers Current
    {
        get
        {
            ResolverConfiguration now = resolvers();
            Made? made = _made;
            if (made is null || (proxy.Mode == ProxyMode.Dedicated && !ReferenceEquals(made.From, now)))
            {
                ServiceNames names = new(
                    proxy.ClusterDomain, proxy.PreferredServiceNamespace, proxy.Mode == ProxyMode.Dedicated ? now.SearchDomains : null);
                _made = made = new Made(now, new MeshAnswers(names, hasIPv6));
            }

            return made.Answers;
        }
    }

    private sealed record Made(ResolverConfiguration From, MeshAnswers Answers);
}
