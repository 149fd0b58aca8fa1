using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.State;

internal static partial class StateLog
{
    [LoggerMessage(1, LogLevel.Information, "mesh state applied {workloads} {services} {policies}")]
    public static partial void Applied(ILogger logger, int workloads, int services, int policies);

    [LoggerMessage(2, LogLevel.Error, "mesh state refused {error}")]
    public static partial void Refused(ILogger logger, string error);

    [LoggerMessage(3, LogLevel.Error, "mesh state refused, the last good one stays in force {errors}")]
    public static partial void Kept(ILogger logger, int errors);
}
