using System.Net;
using Ambient.Transport.Interop;

namespace Ambient.Transport.Sockets;

/// <summary>Where a redirected connection was going (node-proxy 2.2).</summary>
public static unsafe class OriginalDestination
{
    /// <summary>
    /// SO_ORIGINAL_DST, then IP6T_SO_ORIGINAL_DST, then the local address, which is the destination where redirection does no
    /// address translation. Canonical.
    /// </summary>
    public static IPEndPoint Get(LoopSocket socket)
    {
        if (socket.IsDisposed)
        {
            return socket.LocalEndPoint;
        }

        PackedEndPoint destination = Ask(socket.FileDescriptor, LinuxConstants.LevelIPv4);
        if (!destination.IsSet)
        {
            destination = Ask(socket.FileDescriptor, LinuxConstants.LevelIPv6);
        }

        return destination.IsSet ? destination.ToEndPoint() : socket.LocalEndPoint;
    }

    private static PackedEndPoint Ask(int descriptor, int level)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        return LibC.GetSocketOption(descriptor, level, LinuxConstants.OriginalDestination, address, &length) == 0
            ? SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)length))
            : default;
    }
}
