using System.Net;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Outbound;

internal static partial class OutboundLog
{
    [LoggerMessage(1, LogLevel.Debug, "request sent {authority} {tunnel}", SkipEnabledCheck = true)]
    public static partial void Requested(ILogger logger, string authority, IPEndPoint tunnel);

    [LoggerMessage(2, LogLevel.Warning, "HBONE ping timeout/error {peer}")]
    public static partial void ServerLost(ILogger logger, IPEndPoint peer);
}
