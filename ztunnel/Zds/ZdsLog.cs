using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Zds;

internal static partial class ZdsLog
{
    [LoggerMessage(1, LogLevel.Information, "connected to the node agent {path}")]
    public static partial void Connected(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Warning, "node agent not reached, tried again in {delay} {path} {error}")]
    public static partial void NotReached(ILogger logger, string path, TimeSpan delay, string error);

    [LoggerMessage(3, LogLevel.Warning, "connection to the node agent ended, pods keep being served {path}")]
    public static partial void Ended(ILogger logger, string path);

    [LoggerMessage(4, LogLevel.Error, "unreadable packet from the node agent {error}")]
    public static partial void Unreadable(ILogger logger, string error);

    [LoggerMessage(5, LogLevel.Information, "snapshot received {pods}")]
    public static partial void Snapshot(ILogger logger, int pods);
}
