using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Files;

internal static partial class FilesLog
{
    [LoggerMessage(1, LogLevel.Error, "file cannot be read, the last good state stays in force {path} {error}")]
    public static partial void Unreadable(ILogger logger, string path, string error);

    [LoggerMessage(3, LogLevel.Error, "file could not be applied, please report it {path}")]
    public static partial void ApplyFailed(ILogger logger, string path, Exception error);

    [LoggerMessage(2, LogLevel.Error, "file refused, it is too large {path} {bytes} {limit}")]
    public static partial void TooLarge(ILogger logger, string path, long bytes, long limit);
}
