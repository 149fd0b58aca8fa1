using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;

namespace Ambient.Hbone;

/// <summary>Keeps sight of live tunnels, so that they can be ended when their peer is not to be trusted any more (node-proxy 5.6).</summary>
public interface ITunnelTracker
{
    /// <summary>Called once a tunnel is up, on its loop; must not block.</summary>
    /// <param name="tunnel">The tunnel; its peer is verified.</param>
    /// <param name="role">Our end of it.</param>
    /// <returns>Disposed on the loop when the tunnel has ended; null when there is nothing to forget.</returns>
    IDisposable? Track(TunnelConnection tunnel, Http2Role role);
}
