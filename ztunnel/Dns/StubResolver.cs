using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.Dns;
using Ambient.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Resolves host names for the proxy itself as the system would: hosts file, search domains, upstream resolvers, from the proxy's own
/// network namespace (node-proxy 2.3.4). Thread-safe.
/// </summary>
internal sealed class StubResolver : IDisposable
{
    /// <summary>node-proxy 2.3.4.</summary>
    public const int CacheEntries = 4096;

    private const int MostQueries = 512;
    private const int LongestChain = 16;

    private readonly Func<ResolverConfiguration> _resolvers;
    private readonly HostsFile _hosts;
    private readonly CachedUpstream _upstream;
    private readonly ImmutableArray<DnsType> _types;

    /// <param name="resolvers">Servers and search domains, as they are now.</param>
    /// <param name="hosts">Asked before any server.</param>
    /// <param name="hasIPv6">False asks for IPv4 addresses only.</param>
    /// <param name="time">Ages the cache.</param>
    public StubResolver(Func<ResolverConfiguration> resolvers, HostsFile hosts, bool hasIPv6, TimeProvider time)
    {
        _resolvers = resolvers;
        _hosts = hosts;
        _types = hasIPv6 ? [DnsType.A, DnsType.Aaaa] : [DnsType.A];
        UpstreamClient client = new(resolvers, OpenOwn, new QueryBudget(MostQueries), time);
        _upstream = new CachedUpstream(client, new AnswerCache(CacheEntries, time));
    }

    /// <summary>With the system's hosts file, read once.</summary>
    public static StubResolver OfSystem(ResolverFile resolvers, bool hasIPv6, ILogger logger, TimeProvider time) =>
        new(() => resolvers.Current, HostsFile.Load(HostsFile.SystemPath, logger), hasIPv6, time);

    /// <summary>Any thread, a loop too: the work is done on the thread pool.</summary>
    public ValueTask<ResolvedAddresses> ResolveAsync(string hostname)
    {
        if (IPAddress.TryParse(hostname, out IPAddress? literal))
        {
            return new ValueTask<ResolvedAddresses>(new ResolvedAddresses([literal], null));
        }

        ImmutableArray<IPAddress> known = [.. _hosts.Find(hostname.TrimEnd('.')).Where(IsWanted)];
        return known.IsEmpty
            ? new ValueTask<ResolvedAddresses>(Task.Run(() => LookUpAsync(hostname)))
            : new ValueTask<ResolvedAddresses>(new ResolvedAddresses(known, null));
    }

    public void Dispose() => _upstream.Dispose();

    private static Socket OpenOwn(AddressFamily family, SocketType type) => PoolSocket.Create(family, type, null, mark: null);

    private bool IsWanted(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork || _types.Length > 1;

    private async Task<ResolvedAddresses> LookUpAsync(string hostname)
    {
        string? error = null;
        foreach (string candidate in Candidates(hostname))
        {
            if (!DnsName.TryParse(candidate, out DnsName name))
            {
                error ??= $"{hostname} is no host name";
                continue;
            }

            ResolvedAddresses found = await AskAsync(name);
            if (!found.Addresses.IsEmpty)
            {
                return found;
            }

            error = found.Error ?? error;
        }

        return new ResolvedAddresses([], error);
    }

    /// <summary>resolv.conf(5), "ndots".</summary>
    private IEnumerable<string> Candidates(string hostname)
    {
        if (hostname.EndsWith('.'))
        {
            return [hostname];
        }

        ResolverConfiguration configuration = _resolvers();
        IEnumerable<string> searched = configuration.SearchDomains.Select(domain => $"{hostname}.{domain}");
        return hostname.Count(character => character == '.') >= configuration.Dots ? searched.Prepend(hostname) : searched.Append(hostname);
    }

    private async Task<ResolvedAddresses> AskAsync(DnsName name)
    {
        UpstreamReply[] replies = await Task.WhenAll(_types.Select(type => _upstream.AskAsync(new DnsQuestion(name, type))));
        string? error = null;
        ImmutableArray<IPAddress>.Builder addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (UpstreamReply reply in replies)
        {
            if (reply.Message is { Code: DnsResponseCode.NoError or DnsResponseCode.NameError } answer)
            {
                addresses.AddRange(AddressesOf(name, answer));
            }
            else
            {
                error = reply.HasMessage ? $"the upstream resolver says {reply.Message.Code}" : reply.Error;
            }
        }

        return new ResolvedAddresses(addresses.DrainToImmutable(), error);
    }

    /// <summary>Of the name that the aliases lead to; what else the answer holds says nothing of the name.</summary>
    private static IEnumerable<IPAddress> AddressesOf(DnsName name, DnsMessage answer)
    {
        for (int step = 0; step < LongestChain; step++)
        {
            DnsRecord? alias = answer.Answers.FirstOrDefault(record => record.Type == DnsType.CName && record.Owner.Equals(name));
            if (alias is null)
            {
                break;
            }

            name = DnsName.OfData(alias);
        }

        foreach (DnsRecord record in answer.Answers)
        {
            if (record.Owner.Equals(name) && record.TryGetAddress(out MeshIp address))
            {
                yield return address.ToIPAddress();
            }
        }
    }
}
