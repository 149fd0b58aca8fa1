using System.Net;
using System.Net.Sockets;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Asks the servers of a configuration in turn until one answers. A server that answered last is asked first, so that a dead one
/// does not cost every query its timeout.
/// </summary>
internal sealed class UpstreamClient(Func<ResolverConfiguration> resolvers, SocketSource open, QueryBudget budget, TimeProvider time)
{
    private static readonly TimeSpan ShortestTry = TimeSpan.FromSeconds(1);

    private readonly UpstreamExchange _exchange = new(open);
    private int _first;

    /// <summary>Those in force.</summary>
    public ResolverConfiguration Resolvers => resolvers();

    /// <summary>
    /// The first answer that says something of the name. An error code of one server (refused, failed) is returned only when no other
    /// server does better. Never throws for a query that cannot be answered.
    /// </summary>
    public async Task<UpstreamReply> AskAsync(DnsQuestion question, ResolverConfiguration configuration, CancellationToken cancellation)
    {
        if (!budget.TryTake())
        {
            return UpstreamReply.Failed($"more than {budget.Limit} queries wait for upstream resolvers");
        }

        try
        {
            return await AskInTurnAsync(question, configuration, cancellation);
        }
        finally
        {
            budget.GiveBack();
        }
    }

    private async Task<UpstreamReply> AskInTurnAsync(DnsQuestion question, ResolverConfiguration configuration, CancellationToken cancellation)
    {
        int servers = configuration.Servers.Length;
        int first = configuration.Rotates ? Interlocked.Increment(ref _first) & int.MaxValue : Volatile.Read(ref _first);
        UpstreamReply worst = UpstreamReply.Failed("no upstream resolver");
        for (int attempt = 0; attempt < configuration.Attempts * servers; attempt++)
        {
            int index = (first + attempt) % servers;
            UpstreamReply reply = await TryAsync(question, configuration, configuration.Servers[index], cancellation);
            if (reply.Message is { Code: DnsResponseCode.NoError or DnsResponseCode.NameError })
            {
                if (!configuration.Rotates)
                {
                    Volatile.Write(ref _first, index);
                }

                return reply;
            }

            worst = reply.HasMessage || !worst.HasMessage ? reply : worst;
            if (cancellation.IsCancellationRequested || (reply.HasMessage && attempt + 1 >= servers))
            {
                break;
            }
        }

        return worst;
    }

    private async Task<UpstreamReply> TryAsync(
        DnsQuestion question, ResolverConfiguration configuration, IPEndPoint server, CancellationToken cancellation)
    {
        TimeSpan share = configuration.Timeout / configuration.Servers.Length;
        using CancellationTokenSource timeout = new(share < ShortestTry ? ShortestTry : share, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await _exchange.AskAsync(question, server, configuration.OnlyTcp, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return UpstreamReply.Failed(cancellation.IsCancellationRequested ? "the proxy stops" : $"{server} did not answer in time");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return UpstreamReply.Failed($"{server}: {error.Message}");
        }
    }
}
