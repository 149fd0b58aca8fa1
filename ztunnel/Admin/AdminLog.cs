using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Admin;

internal static partial class AdminLog
{
    [LoggerMessage(1, LogLevel.Error, "admin page failed {path}")]
    public static partial void PageFailed(ILogger logger, string? path, Exception failure);

    [LoggerMessage(2, LogLevel.Debug, "client went away before its answer {path}")]
    public static partial void ClientWentAway(ILogger logger, string? path);

    [LoggerMessage(3, LogLevel.Information, "log level changed {directives}")]
    public static partial void LevelChanged(ILogger logger, string directives);

    [LoggerMessage(4, LogLevel.Information, "shutdown asked for by the admin page")]
    public static partial void ShutdownAsked(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "listener established {component} {address}")]
    public static partial void ListenerEstablished(ILogger logger, string component, string address);
}
