using Ambient.Certs.Revocation;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Tls;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Certificates;

/// <summary>Puts every tunnel under the watch of the revocation lists (node-proxy 5.6).</summary>
internal sealed class RevocableTunnels(RevocationWatch watch) : ITunnelTracker
{
    public IDisposable? Track(TunnelConnection tunnel, Http2Role role) =>
        watch.Track(tunnel.Peer, role == Http2Role.Client ? TlsRole.Client : TlsRole.Server, new RevocableTunnel(tunnel));

    private sealed class RevocableTunnel(TunnelConnection tunnel) : IRevocableConnection
    {
        private static readonly ConnectionFailure Failure = new(
            FailurePhase.Copy, FailureSide.Upstream, FailureReason.CertificateRevoked, RevocationWatch.ClosedReason, Hints.RevokedPeer);

        /// <summary>Posted: the lists are loaded on a pool thread, the tunnel lives on its loop.</summary>
        public void Revoke() => tunnel.Loop.Post(static state => ((TunnelConnection)state!).Revoke(Failure), tunnel);
    }
}
