using Ambient.Xds;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.ControlPlane;

internal static partial class ControlPlaneLog
{
    [LoggerMessage(1, LogLevel.Information, "Stream established")]
    public static partial void Connected(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "control plane stream ended {end} {detail} {retryIn}")]
    public static partial void Ended(ILogger logger, XdsStreamEnd end, string detail, TimeSpan retryIn);

    [LoggerMessage(3, LogLevel.Warning, "control plane not reached, the last state stays in force {end} {detail} {retryIn}")]
    public static partial void Failed(ILogger logger, XdsStreamEnd end, string detail, TimeSpan retryIn);

    [LoggerMessage(4, LogLevel.Debug, "control plane response applied {type} {updated} {removed}")]
    public static partial void Applied(ILogger logger, string type, int updated, int removed);

    [LoggerMessage(5, LogLevel.Error, "resources refused, their last good versions stay in force {type} {error}")]
    public static partial void Rejected(ILogger logger, string type, string error);

    [LoggerMessage(6, LogLevel.Error, "control plane client stopped, please report it")]
    public static partial void Stopped(ILogger logger, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "metadata left out, its value is no JSON {variable}")]
    public static partial void MetadataLeftOut(ILogger logger, string variable);

    [LoggerMessage(8, LogLevel.Warning, "resources taken in part, look whether they still say what is meant {type} {detail}")]
    public static partial void Simplified(ILogger logger, string type, string detail);
}
