using System.Net.Sockets;
using Ambient.Transport.Interop;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Namespaces;

namespace Ambient.Transport.Sockets;

/// <summary>
/// Sockets for control work, which waits on the thread pool and not on a loop: ordinary <see cref="Socket"/> objects, but made in another
/// network namespace and marked (node-proxy 6.5).
/// </summary>
public static class PoolSocket
{
    /// <param name="family">IPv4 or IPv6; an IPv6 socket takes no IPv4.</param>
    /// <param name="type">Stream or datagram.</param>
    /// <param name="inNamespace">Null is the process's own.</param>
    /// <param name="mark">SO_MARK; null leaves the socket unmarked.</param>
    /// <exception cref="IOException">The socket cannot be made; the message says why.</exception>
    public static Socket Create(AddressFamily family, SocketType type, NetworkNamespace? inNamespace, uint? mark)
    {
        int number = family == AddressFamily.InterNetwork ? LinuxConstants.FamilyIPv4 : LinuxConstants.FamilyIPv6;
        int descriptor = type == SocketType.Dgram
            ? SocketFactory.CreateDatagram(number, inNamespace, out int errno)
            : SocketFactory.Create(number, inNamespace, out errno);
        if (descriptor < 0)
        {
            throw new IOException(ErrnoClassifier.Describe(errno, "making a socket"));
        }

        if (number == LinuxConstants.FamilyIPv6)
        {
            errno = SocketFactory.Set(descriptor, LinuxConstants.LevelIPv6, LinuxConstants.IPv6Only, 1);
        }

        if (errno == 0 && mark is { } value)
        {
            errno = SocketFactory.Set(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionMark, (int)value);
        }

        if (errno == 0)
        {
            return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        }

        LibC.Close(descriptor);
        throw new IOException(ErrnoClassifier.Describe(errno, "setting socket options"));
    }

    /// <summary>SO_REUSEPORT, so that two generations of the proxy can listen during an upgrade.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void SharePort(Socket socket)
    {
        int errno = SocketFactory.Set(
            (int)socket.SafeHandle.DangerousGetHandle(), LinuxConstants.LevelSocket, LinuxConstants.OptionReusePort, 1);
        if (errno != 0)
        {
            throw new IOException(ErrnoClassifier.Describe(errno, "sharing a port"));
        }
    }
}
