using Ambient.Transport.Loops;

namespace Ambient.Ztunnel.Outbound;

/// <summary>
/// The outbound connections of one pod, by the listener that they come from: each listener has tunnels of its own (node-proxy 1.6), so that what
/// one carries does not fill the other's. All end together.
/// </summary>
/// <param name="dial">Makes a dialer with empty pools.</param>
/// <param name="connect">Makes the connections' story over a dialer.</param>
internal sealed class OutboundSides(Func<HboneDialer> dial, Func<HboneDialer, OutboundConnection> connect)
{
    private readonly List<HboneDialer> _dialers = [];

    /// <summary>For one more listener, before the pod is served.</summary>
    public OutboundConnection Open()
    {
        HboneDialer dialer = dial();
        _dialers.Add(dialer);
        return connect(dialer);
    }

    /// <summary>Ends every pool on its loop: tunnels close with their last stream.</summary>
    public void Release(EventLoopGroup loops) => _dialers.ForEach(dialer => dialer.Release(loops));
}
