using Ambient.Grpc;

namespace Ambient.Xds;

/// <summary>
/// How long to wait before the next stream (the table of node-proxy 3.5). There is no jitter. Where the table says not to wait, that holds
/// for one stream of a row of short ones: a server that ends each at once, or an error of ours at every start, would be a loop without rest.
/// </summary>
internal sealed class XdsBackoff
{
    public static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>A stream that lasted this long cannot be part of a loop worth slowing down.</summary>
    public static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);

    private TimeSpan _current = Initial;
    private TimeSpan _rest;

    /// <param name="end">How the last stream ended.</param>
    /// <param name="isLocal">It ended by an error of our own, not by the server or the network.</param>
    /// <param name="isShort">It lasted less than <see cref="ShortLife"/>.</param>
    public TimeSpan Next(XdsStreamEnd end, bool isLocal = false, bool isShort = false)
    {
        _rest = isShort ? _rest : TimeSpan.Zero;
        if (end == XdsStreamEnd.ConnectionError || (end == XdsStreamEnd.Error && !isLocal))
        {
            _current = TimeSpan.FromTicks(Math.Min(_current.Ticks * 2, Longest.Ticks));
            return _current;
        }

        _current = Initial;
        return end == XdsStreamEnd.Reconnect ? Initial : Rest(isShort);
    }

    private TimeSpan Rest(bool isShort)
    {
        if (!isShort)
        {
            return TimeSpan.Zero;
        }

        TimeSpan rest = _rest;
        _rest = rest == TimeSpan.Zero ? Initial : TimeSpan.FromTicks(Math.Min(rest.Ticks * 2, Longest.Ticks));
        return rest;
    }

    /// <summary>What a status in the middle of a stream means.</summary>
    public static XdsStreamEnd Classify(GrpcException error) => error.Status switch
    {
        GrpcStatusCode.Unknown or GrpcStatusCode.Cancelled or GrpcStatusCode.DeadlineExceeded => XdsStreamEnd.Reconnect,
        GrpcStatusCode.Unavailable when IsOrderlyClose(error.Detail) => XdsStreamEnd.Reconnect,
        _ => XdsStreamEnd.Error,
    };

    private static bool IsOrderlyClose(string detail) =>
        detail.Contains("transport is closing", StringComparison.Ordinal)
        || detail.Contains("received prior goaway", StringComparison.Ordinal);
}
