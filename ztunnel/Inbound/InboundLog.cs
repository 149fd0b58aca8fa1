using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Inbound;

internal static partial class InboundLog
{
    [LoggerMessage(3, LogLevel.Debug, "request received {authority}", SkipEnabledCheck = true)]
    public static partial void Requested(ILogger logger, string? authority);

    [LoggerMessage(2, LogLevel.Warning, "original source not kept, connecting from the pod's own address {source} {destination}")]
    public static partial void SourceNotKept(ILogger logger, IPEndPoint source, IPEndPoint destination);
}
