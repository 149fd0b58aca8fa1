using System.Net;
using System.Net.Sockets;
using Ambient.Transport.Namespaces;

namespace Ambient.Lab.Network;

/// <summary>TCP sockets that live in a network namespace and are used from this process.</summary>
public static class NamespaceSocket
{
    /// <summary>A connection that a program of the namespace might have made: redirection takes it like any other.</summary>
    /// <param name="namespacePath">Null means our own namespace.</param>
    /// <param name="endPoint">As seen from there.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">It was refused, or not answered.</exception>
    public static async Task<Socket> ConnectAsync(string? namespacePath, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = Create(namespacePath, endPoint.AddressFamily);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Create(string? namespacePath, AddressFamily family)
    {
        if (namespacePath is null)
        {
            return new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        }

        using NetworkNamespace target = NetworkNamespace.Open(namespacePath);
        return target.Run(() => new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
    }
}
