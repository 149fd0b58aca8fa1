using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

internal static partial class SampleLog
{
    [LoggerMessage(1, LogLevel.Information, "listener established {component} {address} {transparent}")]
    public static partial void Listening(ILogger logger, string component, IPEndPoint address, bool transparent);

    [LoggerMessage(2, LogLevel.Warning, "took {count} tries to start")]
    public static partial void Tried(ILogger logger, int count, Exception failure);

    [LoggerMessage(3, LogLevel.Debug, "loaded {workloads}")]
    public static partial void Loaded(ILogger logger, int workloads);

    [LoggerMessage(4, LogLevel.Information, "told {value}")]
    public static partial void Told(ILogger logger, string value);
}
