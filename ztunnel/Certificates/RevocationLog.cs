using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Certificates;

internal static partial class RevocationLog
{
    [LoggerMessage(1, LogLevel.Information, "revocation lists in force {path} {lists} {revoked} {connectionsEnded}")]
    public static partial void Loaded(ILogger logger, string path, int lists, int revoked, int connectionsEnded);

    [LoggerMessage(2, LogLevel.Warning, "no revocation lists yet, the file is missing {path}")]
    public static partial void Missing(ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Error, "revocation lists refused, the last good ones stay in force {path} {error}")]
    public static partial void Refused(ILogger logger, string path, string error);
}
