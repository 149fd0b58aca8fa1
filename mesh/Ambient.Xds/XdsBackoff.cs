using Ambient.Grpc;

namespace Ambient.Xds;

/// <summary>How long to wait before the next stream (the table of node-proxy 3.5). There is no jitter.</summary>
internal sealed class XdsBackoff
{
    public static readonly TimeSpan Initial = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _current = Initial;

    /// <param name="end">How the last stream ended.</param>
    /// <param name="isLocal">It ended by an error of our own, not by the server or the network.</param>
    public TimeSpan Next(XdsStreamEnd end, bool isLocal = false)
    {
        if (end == XdsStreamEnd.ConnectionError || (end == XdsStreamEnd.Error && !isLocal))
        {
            _current = TimeSpan.FromTicks(Math.Min(_current.Ticks * 2, Longest.Ticks));
            return _current;
        }

        _current = Initial;
        return end == XdsStreamEnd.Reconnect ? Initial : TimeSpan.Zero;
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
