using System.Net;
using Ambient.Transport.Lifetime;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>The access log of node-proxy 9.4: one line per accounted connection, and one per refusal before accounting.</summary>
internal sealed class AccessLog(ILogger logger)
{
    private static readonly EventId OpenedEvent = new(1, "ConnectionOpened");
    private static readonly EventId CompletedEvent = new(2, "ConnectionComplete");
    private static readonly EventId RefusedEvent = new(3, "ConnectionFailed");

    public AccessLog(ILoggerFactory loggers)
        : this(loggers.CreateLogger(LogTargets.Access))
    {
    }

    public void Opened(ConnectionDescription connection) =>
        Write(LogLevel.Debug, OpenedEvent, "connection opened", connection, null, default);

    public void Completed(ConnectionDescription connection, ConnectionTotals totals, ReportedFailure failure) => Write(
        failure.Cause is null ? LogLevel.Information : LogLevel.Error, CompletedEvent, "connection complete", connection, totals, failure);

    /// <summary>A connection refused before it was accounted: it appears here and in no metric.</summary>
    public void Refused(TrafficDirection direction, IPEndPoint source, IPEndPoint destination, ConnectionFailure failure)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            var entry = new RefusedEntry(direction, source, destination, failure);
            logger.Log(LogLevel.Warning, RefusedEvent, entry, null, static (entry, _) => entry.ToString());
        }
    }

    private void Write(
        LogLevel level, EventId id, string message, ConnectionDescription connection, ConnectionTotals? totals, ReportedFailure failure)
    {
        if (logger.IsEnabled(level))
        {
            var entry = new AccessLogEntry(message, connection, totals, failure);
            logger.Log(level, id, entry, null, static (entry, _) => entry.ToString());
        }
    }
}
