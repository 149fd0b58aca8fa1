using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;

namespace Ambient.InProcessTests.Interop;

/// <summary>The first rule of node-proxy 1.4.</summary>
internal static class InteropAnswers
{
    /// <summary>400 for all but CONNECT, which is accepted and ended.</summary>
    public static ValueTask ByMethodAsync(TunnelStream stream)
    {
        int status = stream.TakeRequest().Method == "CONNECT" ? 200 : 400;
        stream.Respond(status, new Http2Headers(), endStream: true);
        return default;
    }
}
