using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

internal static partial class PodsLog
{
    [LoggerMessage(1, LogLevel.Information, "listener established {address} {component} {transparent}")]
    public static partial void ListenerEstablished(ILogger logger, IPEndPoint address, string component, bool transparent);

    [LoggerMessage(2, LogLevel.Information, "pod proxy started {uid} {workload}")]
    public static partial void Started(ILogger logger, string uid, string workload);

    [LoggerMessage(3, LogLevel.Information, "pod proxy stopped {uid}")]
    public static partial void Stopped(ILogger logger, string uid);

    [LoggerMessage(4, LogLevel.Error, "pod proxy pending, tried again in 5s {uid} {error}")]
    public static partial void Pending(ILogger logger, string uid, string error);

    [LoggerMessage(5, LogLevel.Error, "pod list refused, the last good one stays in force {path} {error}")]
    public static partial void ListRefused(ILogger logger, string path, string? error);

    [LoggerMessage(6, LogLevel.Error, "listener died {uid} {error}")]
    public static partial void ListenerDied(ILogger logger, string uid, string error);

    [LoggerMessage(7, LogLevel.Error, "pod cannot be looked at, its proxy stays, tried again in 5s {uid} {error}")]
    public static partial void Kept(ILogger logger, string uid, string error);

    [LoggerMessage(8, LogLevel.Error, "unhandled error of a pod's proxy, tried again in 5s, please report it {uid}")]
    public static partial void Bug(ILogger logger, string uid, Exception error);

    [LoggerMessage(9, LogLevel.Error, "pod list could not be applied, tried again in 5s, please report it {path}")]
    public static partial void ListFailed(ILogger logger, string path, Exception error);

    [LoggerMessage(10, LogLevel.Debug, "no rehearsal, the first pod will take longer {error}")]
    public static partial void NotRehearsed(ILogger logger, string error);

    [LoggerMessage(11, LogLevel.Warning, "rehearsal failed, the first pod will take longer, please report it")]
    public static partial void RehearsalFailed(ILogger logger, Exception error);

    [LoggerMessage(12, LogLevel.Error, "pod proxy did not stop in order, please report it {uid}")]
    public static partial void StopFailed(ILogger logger, string uid, Exception error);

    [LoggerMessage(13, LogLevel.Error, "pod refused, one node serves no more pods than the limit {uid} {limit}")]
    public static partial void Refused(ILogger logger, string uid, int limit);
}
