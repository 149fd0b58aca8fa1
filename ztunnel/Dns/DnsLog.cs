using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Dns;

internal static partial class DnsLog
{
    [LoggerMessage(1, LogLevel.Warning, "resolver configuration not read, the system's defaults are used {path} {error}")]
    public static partial void NoConfiguration(ILogger logger, string path, string error);
}
