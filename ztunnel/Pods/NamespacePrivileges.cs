using System.Net;
using Ambient.Transport.Namespaces;
using Ambient.Transport.Sockets;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Pods;

/// <summary>What shared mode needs of the kernel, tried once at the start: better an error here than one for every pod (node-proxy 6.4).</summary>
internal static class NamespacePrivileges
{
    /// <exception cref="StartException">The process may not enter namespaces or mark sockets.</exception>
    public static void Check(SocketOptions sockets)
    {
        try
        {
            using NetworkNamespace own = NetworkNamespace.OpenOwn();
            ListenResult tried = ListenSocket.Open(new TcpListenerSpec(new IPEndPoint(IPAddress.Loopback, 0))
            {
                Namespace = own,
                Socket = SocketOptionSet.Default with { Mark = sockets.PacketMark },
            });
            tried.Socket?.Dispose();
            if (tried.Failure is { } failure)
            {
                throw Missing(failure.Message);
            }
        }
        catch (IOException error)
        {
            throw Missing(error.Message);
        }
    }

    private static StartException Missing(string reason) => new(
        $"shared mode cannot make sockets in pods' namespaces: {reason}; run as root with CAP_NET_ADMIN, CAP_SYS_ADMIN and CAP_NET_RAW, or set PROXY_MODE=dedicated");
}
