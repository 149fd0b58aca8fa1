using System.Security.Cryptography;
using System.Text;
using Ambient.ControlPlane.Xds;

namespace Ambient.ControlPlane.Serving;

/// <summary>
/// Whose tokens were accepted a short while ago, so that nodes that come back together do not ask the API server each time. Keyed by a hash:
/// no token stays in memory for it. Refusals are not kept: a token can become good.
/// </summary>
internal sealed class TokenCache(TimeProvider time)
{
    /// <summary>A token that was withdrawn is good for no longer than this (control-plane-and-cni 6.2).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    public const int MaxEntries = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (CallerIdentity Caller, long AcceptedAt)> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long AcceptedAt)> _byAge = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public CallerIdentity? Find(string token)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(KeyOf(token), out (CallerIdentity Caller, long AcceptedAt) entry)
                && time.GetElapsedTime(entry.AcceptedAt) < Lifetime
                ? entry.Caller
                : null;
        }
    }

    /// <param name="token">The token.</param>
    /// <param name="caller">Whose it is.</param>
    /// <param name="askedAt">When the question was sent, as a timestamp of the clock: the answer is no newer.</param>
    public void Add(string token, CallerIdentity caller, long askedAt)
    {
        lock (_lock)
        {
            string key = KeyOf(token);
            _entries[key] = (caller, askedAt);
            _byAge.Enqueue((key, askedAt));
            while (_byAge.Count > MaxEntries || (_byAge.TryPeek(out (string Key, long AcceptedAt) oldest) && time.GetElapsedTime(oldest.AcceptedAt) >= Lifetime))
            {
                (string old, long acceptedAt) = _byAge.Dequeue();
                if (_entries.TryGetValue(old, out (CallerIdentity Caller, long AcceptedAt) entry) && entry.AcceptedAt == acceptedAt)
                {
                    _entries.Remove(old);
                }
            }
        }
    }

    private static string KeyOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
