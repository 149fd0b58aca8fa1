using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

internal static partial class CertificateLog
{
    [LoggerMessage(1, LogLevel.Debug, "certificate fetched {identity} {notAfter}")]
    public static partial void Fetched(ILogger logger, string identity, DateTimeOffset notAfter);

    [LoggerMessage(2, LogLevel.Warning, "certificate fetch failed {identity} {reason} {retryIn}")]
    public static partial void FetchFailed(ILogger logger, string identity, string reason, TimeSpan retryIn);

    [LoggerMessage(3, LogLevel.Warning, "the clock was set or the machine slept, certificates are looked at again {jump}")]
    public static partial void ClockJumped(ILogger logger, TimeSpan jump);

    [LoggerMessage(4, LogLevel.Error, "changed roots of the authority refused, the earlier ones stay in use {reason}")]
    public static partial void TrustRefused(ILogger logger, string reason);
}
