using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>
/// Upstream resolvers behind a cache. Equal questions at the same time become one query: that also denies a guesser of answers many
/// chances at once (RFC 5452 5).
/// </summary>
internal sealed class CachedUpstream(UpstreamClient client, AnswerCache cache) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, Task<UpstreamReply>> _asked = [];
    private readonly CancellationTokenSource _stopping = new();

    public async Task<UpstreamReply> AskAsync(DnsQuestion question)
    {
        if (cache.Find(question) is { } known)
        {
            return UpstreamReply.Of(known);
        }

        Task<UpstreamReply>? asked;
        lock (_lock)
        {
            if (!_asked.TryGetValue(question, out asked))
            {
                asked = Task.Run(() => AskUpstreamAsync(question));
                _asked.Add(question, asked);
            }
        }

        return await asked;
    }

    /// <summary>Ends what is under way.</summary>
    public void Dispose() => _stopping.Cancel();

    private async Task<UpstreamReply> AskUpstreamAsync(DnsQuestion question)
    {
        try
        {
            UpstreamReply reply = await client.AskAsync(question, _stopping.Token);
            if (reply.HasMessage)
            {
                cache.Store(question, reply.Message);
            }

            return reply;
        }
        finally
        {
            lock (_lock)
            {
                _asked.Remove(question);
            }
        }
    }
}
