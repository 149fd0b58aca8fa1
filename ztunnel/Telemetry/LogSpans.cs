using System.Net;
using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The spans of node-proxy 9.4. One of a connection is made only for a line that is really written: ask the logger first.</summary>
internal static class LogSpans
{
    /// <summary><c>proxy{wl}</c>: everything of one pod.</summary>
    public static ILogger WithinPod(this ILogger logger, WorkloadInfo pod) =>
        Within(logger, "proxy", new LogSpanField("wl", $"{pod.Namespace}/{pod.Name}"));

    /// <summary><c>outbound{id peer}</c> or <c>inbound{id peer}</c>: one connection.</summary>
    /// <param name="logger">Whose line it is.</param>
    /// <param name="direction">Seen from the pod.</param>
    /// <param name="trace">Its id is the connection's, on both sides of a tunnel; null where nobody gave it one.</param>
    /// <param name="peer">Who connected.</param>
    public static ILogger WithinConnection(this ILogger logger, TrafficDirection direction, TraceParent? trace, IPEndPoint peer)
    {
        LogSpanField from = new("peer", peer.ToString());
        return trace is { } given
            ? Within(logger, AccessLogEntry.NameOf(direction), new LogSpanField("id", given.TraceId.ToString("x32")), from)
            : Within(logger, AccessLogEntry.NameOf(direction), from);
    }

    /// <summary><c>xds{id}</c>: one stream to the control plane, the first is 1.</summary>
    public static ILogger WithinStream(this ILogger logger, long number) => Within(logger, "xds", new LogSpanField("id", null, number));

    /// <summary>Loggers of others, such as one that takes nothing, know no spans.</summary>
    private static ILogger Within(ILogger logger, string name, params LogSpanField[] fields) => logger switch
    {
        SpanLogger inner => inner.Within(name, fields),
        TargetLogger target => new SpanLogger(target, LogSpan.Of(name, fields)),
        _ => logger,
    };
}
