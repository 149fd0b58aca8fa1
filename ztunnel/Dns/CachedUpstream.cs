using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Upstream resolvers behind a cache, which is emptied when they change: other resolvers may know other names. Equal questions at the same time become one query: that also denies a guesser of answers many
/// chances at once (RFC 5452 5).
/// </summary>
internal sealed class CachedUpstream(UpstreamClient client, AnswerCache cache) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, Task<UpstreamReply>> _asked = [];
    private readonly CancellationTokenSource _stopping = new();
    private ResolverConfiguration _resolvers = client.Resolvers;

    public Task<UpstreamReply> AskAsync(DnsQuestion question)
    {
        lock (_lock)
        {
            FollowResolvers();
            if (cache.Find(question) is { } known)
            {
                return Task.FromResult(UpstreamReply.Of(known));
            }

            if (!_asked.TryGetValue(question, out Task<UpstreamReply>? asked))
            {
                ResolverConfiguration resolvers = _resolvers;
                asked = Task.Run(() => AskUpstreamAsync(question, resolvers));
                _asked.Add(question, asked);
            }

            return asked;
        }
    }

    /// <summary>Ends what is under way.</summary>
    public void Dispose() => _stopping.Cancel();

    /// <summary>What former resolvers said, or have yet to say, is no answer to a question asked from now on.</summary>
    private void FollowResolvers()
    {
        ResolverConfiguration now = client.Resolvers;
        if (!ReferenceEquals(now, _resolvers))
        {
            _resolvers = now;
            _asked.Clear();
            cache.Clear();
        }
    }

    private async Task<UpstreamReply> AskUpstreamAsync(DnsQuestion question, ResolverConfiguration resolvers)
    {
        UpstreamReply? reply = null;
        try
        {
            return reply = await client.AskAsync(question, resolvers, _stopping.Token);
        }
        finally
        {
            lock (_lock)
            {
                if (ReferenceEquals(resolvers, _resolvers))
                {
                    _asked.Remove(question);
                    if (reply is { HasMessage: true })
                    {
                        cache.Store(question, reply.Message);
                    }
                }
            }
        }
    }
}
