using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel;

internal static partial class AppLog
{
    [LoggerMessage(1, LogLevel.Information, "open files limit {limit}")]
    public static partial void OpenFiles(ILogger logger, ulong limit);

    [LoggerMessage(2, LogLevel.Information, "record protection {choice}")]
    public static partial void Crypto(ILogger logger, string choice);

    [LoggerMessage(3, LogLevel.Information, "draining {deadline}")]
    public static partial void Draining(ILogger logger, TimeSpan deadline);

    [LoggerMessage(4, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(5, LogLevel.Error, "unhandled error on a loop, please report it")]
    public static partial void Bug(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Information, "setting {name} {value}")]
    public static partial void Setting(ILogger logger, string name, string value);

    [LoggerMessage(7, LogLevel.Error, "the conversation with the node agent cannot go on, stopping {error}")]
    public static partial void AgentLost(ILogger logger, string error);

    [LoggerMessage(8, LogLevel.Error, "the proxy's own listener died, stopping {error}")]
    public static partial void SelfProxyDied(ILogger logger, string error);
}
