using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Otlp;

internal static partial class OtlpLog
{
    [LoggerMessage(1, LogLevel.Warning, "export failed {signal} {collector} {problem} {hint}")]
    public static partial void Failed(ILogger logger, string signal, Uri collector, string problem, string hint);

    [LoggerMessage(2, LogLevel.Information, "export works again {signal} {collector}")]
    public static partial void Works(ILogger logger, string signal, Uri collector);

    [LoggerMessage(3, LogLevel.Error, "unhandled error of the export, please report it")]
    public static partial void Bug(ILogger logger, Exception error);
}
