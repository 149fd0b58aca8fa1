using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane;

/// <summary>The lines of the log.</summary>
internal static partial class ControlPlaneLog
{
    [LoggerMessage(1, LogLevel.Information, "control plane {Version} for cluster {Cluster}, objects from {Source}")]
    public static partial void Starting(ILogger logger, string version, string cluster, string source);

    [LoggerMessage(2, LogLevel.Information, "{What} at {Address}")]
    public static partial void Serves(ILogger logger, string what, string address);

    [LoggerMessage(3, LogLevel.Warning, "discovery in TLS is not served: no certificate; give --tlsCertFile and --tlsKeyFile")]
    public static partial void NoCertificate(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "the mesh is published: {Addresses} workloads and services, {Policies} policies")]
    public static partial void Published(ILogger logger, int addresses, int policies);

    [LoggerMessage(5, LogLevel.Information, "waits for the first list of {Kinds}")]
    public static partial void Waits(ILogger logger, string kinds);

    [LoggerMessage(6, LogLevel.Information, "stops")]
    public static partial void Stops(ILogger logger);

    [LoggerMessage(7, LogLevel.Critical, "a part of the control plane failed; it ends, proxies keep what they have and the next start reads everything again")]
    public static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(10, LogLevel.Information, "read {Objects} {Resource}")]
    public static partial void Listed(ILogger logger, string resource, int objects);

    [LoggerMessage(11, LogLevel.Warning, "{Resource} cannot be read, what is known stays in force, tried again in {RetryIn}: {Reason}")]
    public static partial void WatchFailed(ILogger logger, string resource, TimeSpan retryIn, string reason);

    [LoggerMessage(12, LogLevel.Error, "{Resource} {Object} could not be taken in")]
    public static partial void HandlerFailed(ILogger logger, string resource, string @object, Exception error);

    [LoggerMessage(13, LogLevel.Information, "manifests: {Objects} objects, {Applied} applied, {Removed} removed")]
    public static partial void ManifestsLoaded(ILogger logger, int objects, int applied, int removed);

    [LoggerMessage(14, LogLevel.Warning, "manifests: {Message}")]
    public static partial void ManifestsFailed(ILogger logger, string message);

    [LoggerMessage(20, LogLevel.Information, "proxy {Proxy} connected")]
    public static partial void Opened(ILogger logger, string proxy);

    [LoggerMessage(21, LogLevel.Information, "proxy {Proxy} disconnected: {Reason}")]
    public static partial void Closed(ILogger logger, string proxy, string reason);

    [LoggerMessage(22, LogLevel.Debug, "pushed {Resources} resources and {Removed} removals of {Type} to {Proxy}")]
    public static partial void Pushed(ILogger logger, int resources, int removed, string type, string proxy);

    [LoggerMessage(23, LogLevel.Warning, "proxy {Proxy} refused resources of {Type}, the last good ones stay in force there: {Reason}")]
    public static partial void Refused(ILogger logger, string proxy, string type, string reason);

    [LoggerMessage(24, LogLevel.Warning, "a caller from {Address} was not let in: {Reason}")]
    public static partial void Unauthenticated(ILogger logger, string address, string reason);

    [LoggerMessage(25, LogLevel.Error, "a call from {Address} failed")]
    public static partial void CallFailed(ILogger logger, string address, Exception error);

    [LoggerMessage(26, LogLevel.Information, "{Message}")]
    public static partial void CertificateRenewed(ILogger logger, string message);

    [LoggerMessage(27, LogLevel.Error, "{Message}")]
    public static partial void CertificateFailed(ILogger logger, string message, Exception error);

    [LoggerMessage(30, LogLevel.Information, "leads: writes statuses from now on")]
    public static partial void Leads(ILogger logger);

    [LoggerMessage(31, LogLevel.Information, "leads no longer")]
    public static partial void LeadsNoLonger(ILogger logger);

    [LoggerMessage(32, LogLevel.Information, "{Leader} writes statuses")]
    public static partial void Follows(ILogger logger, string leader);

    [LoggerMessage(33, LogLevel.Warning, "the lease that decides who writes statuses: {Reason}")]
    public static partial void LeaseFailed(ILogger logger, string reason);

    [LoggerMessage(34, LogLevel.Debug, "wrote {What} of {Object}")]
    public static partial void Wrote(ILogger logger, string what, string @object);

    [LoggerMessage(35, LogLevel.Warning, "{What} of {Object} could not be written, tried again in {RetryIn}: {Reason}")]
    public static partial void WriteFailed(ILogger logger, string what, string @object, TimeSpan retryIn, string reason);
}
