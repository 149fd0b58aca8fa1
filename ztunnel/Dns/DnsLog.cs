using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

internal static partial class DnsLog
{
    [LoggerMessage(1, LogLevel.Warning, "resolver configuration not read, a server on 127.0.0.1 is used until it is {path}")]
    public static partial void NoConfiguration(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Warning, "resolver configuration names no server, the last good one stays in force {path}")]
    public static partial void NoServer(ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Warning, "hosts file not read, no name is taken from it {path} {error}")]
    public static partial void NoHosts(ILogger logger, string path, string error);

    [LoggerMessage(4, LogLevel.Error, "query not answered, please report it")]
    public static partial void Bug(ILogger logger, Exception error);
}
