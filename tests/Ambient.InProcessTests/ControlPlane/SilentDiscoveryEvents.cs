using Ambient.ControlPlane.Xds;

namespace Ambient.InProcessTests.ControlPlane;

/// <summary>Nobody listens.</summary>
internal sealed class SilentDiscoveryEvents : IDiscoveryEvents
{
    public void Opened(ProxyNode node)
    {
    }

    public void Closed(ProxyNode node, string reason)
    {
    }

    public void Pushed(ProxyNode node, string typeUrl, int resources, int removed)
    {
    }

    public void Accepted(ProxyNode node, string typeUrl, long before, long now)
    {
    }

    public void Refused(ProxyNode node, string typeUrl, string reason)
    {
    }
}
