using Ambient.ControlPlane.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Xds;

/// <summary>Tells the log and the metrics what proxies do.</summary>
public sealed class DiscoveryReports(ILogger logger, DiscoveryMetrics metrics) : IDiscoveryEvents
{
    public void Opened(ProxyNode node) => ControlPlaneLog.Opened(logger, node.Id);

    public void Closed(ProxyNode node, string reason) => ControlPlaneLog.Closed(logger, node.Id, reason);

    public void Pushed(ProxyNode node, string typeUrl, int resources, int removed)
    {
        metrics.Pushed(typeUrl);
        ControlPlaneLog.Pushed(logger, resources, removed, typeUrl, node.Id);
    }

    public void Accepted(ProxyNode node, string typeUrl, long before, long now) => metrics.Accepted(typeUrl, before, now);

    public void Refused(ProxyNode node, string typeUrl, string reason)
    {
        metrics.Refused(typeUrl);
        ControlPlaneLog.Refused(logger, node.Id, typeUrl, reason);
    }
}
