using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Ambient.Transport.Interop;
using Ambient.Transport.Namespaces;

namespace Ambient.Transport.Sockets;

/// <summary>The one place that makes sockets and sets their options. Results are 0 or an errno.</summary>
internal static unsafe class SocketFactory
{
    private const int DatagramType = LinuxConstants.SocketDatagram | LinuxConstants.SocketNonBlocking | LinuxConstants.SocketCloseOnExec;

    private const int StreamType = LinuxConstants.SocketStream | LinuxConstants.SocketNonBlocking | LinuxConstants.SocketCloseOnExec;

    /// <returns>A descriptor, or -1 with <paramref name="errno"/> set.</returns>
    internal static int Create(int family, NetworkNamespace? inNamespace, out int errno) =>
        Create(family, StreamType, LinuxConstants.ProtocolTcp, inNamespace, out errno);

    /// <returns>A descriptor, or -1 with <paramref name="errno"/> set.</returns>
    internal static int CreateDatagram(int family, NetworkNamespace? inNamespace, out int errno) =>
        Create(family, DatagramType, LinuxConstants.ProtocolUdp, inNamespace, out errno);

    private static int Create(int family, int type, int protocol, NetworkNamespace? inNamespace, out int errno)
    {
        if (inNamespace is not null)
        {
            return NamespaceSection.CreateSocket(inNamespace, family, type, protocol, out errno);
        }

        int descriptor = LibC.Socket(family, type, protocol);
        errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor;
    }

    internal static int Apply(int descriptor, SocketOptionSet options)
    {
        // Without it the byte behind an urgent pointer would leave the stream and be lost on the way through.
        int errno = Set(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionOutOfBandInline, 1);
        if (errno == 0 && options.NoDelay)
        {
            errno = Set(descriptor, LinuxConstants.LevelTcp, LinuxConstants.TcpNoDelay, 1);
        }

        if (errno == 0 && options.Mark is { } mark)
        {
            errno = Set(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionMark, (int)mark);
        }

        if (errno == 0 && options.UserTimeout is { } userTimeout)
        {
            int milliseconds = (int)Math.Clamp(userTimeout.TotalMilliseconds, 1, int.MaxValue);
            errno = Set(descriptor, LinuxConstants.LevelTcp, LinuxConstants.TcpUserTimeout, milliseconds);
        }

        if (errno == 0 && options.CongestionControl is { } congestionControl)
        {
            errno = SetCongestionControl(descriptor, congestionControl);
        }

        return errno == 0 && options.Keepalive is { } keepalive ? ApplyKeepalive(descriptor, keepalive) : errno;
    }

    /// <summary>Allows binding to an address that is not the host's own.</summary>
    internal static int MakeTransparent(int descriptor, int family) => family == LinuxConstants.FamilyIPv4
        ? Set(descriptor, LinuxConstants.LevelIPv4, LinuxConstants.IPv4Transparent, 1)
        : Set(descriptor, LinuxConstants.LevelIPv6, LinuxConstants.IPv6Transparent, 1);

    internal static int MakeFreeBind(int descriptor, int family) => family == LinuxConstants.FamilyIPv4
        ? Set(descriptor, LinuxConstants.LevelIPv4, LinuxConstants.IPv4FreeBind, 1)
        : Set(descriptor, LinuxConstants.LevelIPv6, LinuxConstants.IPv6FreeBind, 1);

    internal static int Set(int descriptor, int level, int name, int value) =>
        LibC.SetSocketOption(descriptor, level, name, &value, sizeof(int)) == 0 ? 0 : Marshal.GetLastPInvokeError();

    internal static int Bind(int descriptor, IPEndPoint local)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        int length = SocketAddress.Write(local, new Span<byte>(address, SocketAddress.MaxBytes));
        return LibC.Bind(descriptor, address, (uint)length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <returns>0, EINPROGRESS, or why not.</returns>
    internal static int Connect(int descriptor, IPEndPoint destination)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        int length = SocketAddress.Write(destination, new Span<byte>(address, SocketAddress.MaxBytes));
        return LibC.Connect(descriptor, address, (uint)length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Takes the pending error off the socket: how a non-blocking connect went.</summary>
    internal static int TakeError(int descriptor)
    {
        int error = 0;
        uint length = sizeof(int);
        return LibC.GetSocketOption(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionError, &error, &length) == 0
            ? error
            : Marshal.GetLastPInvokeError();
    }

    internal static PackedEndPoint LocalAddress(int descriptor)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        return LibC.GetSocketName(descriptor, address, &length) == 0 ? Read(address, length) : default;
    }

    internal static PackedEndPoint RemoteAddress(int descriptor)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        return LibC.GetPeerName(descriptor, address, &length) == 0 ? Read(address, length) : default;
    }

    /// <returns>A non-blocking descriptor, or -1 with <paramref name="errno"/> set.</returns>
    internal static int Accept(int listener, out PackedEndPoint remote, out int errno)
    {
        byte* address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        int descriptor = LibC.Accept4(listener, address, &length, LinuxConstants.SocketNonBlocking | LinuxConstants.SocketCloseOnExec);
        if (descriptor < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            remote = default;
            return -1;
        }

        errno = 0;
        remote = Read(address, length);
        return descriptor;
    }

    /// <summary>
    /// Gives new connections to the second listener of a SO_REUSEPORT group. The kernel numbers listeners in the order in which they came, so
    /// that is the next generation while this one is the first; where there is no second, the kernel chooses as before.
    /// </summary>
    internal static void PreferSecondListener(int listener)
    {
        FilterProgram.Instruction instruction = new() { Code = LinuxConstants.FilterReturnConstant, Constant = 1 };
        FilterProgram program = new() { Length = 1, Instructions = &instruction };
        LibC.SetSocketOption(listener, LinuxConstants.LevelSocket, LinuxConstants.OptionAttachReusePortFilter, &program, (uint)sizeof(FilterProgram));
    }

    internal static void ResetOnClose(int descriptor)
    {
        // struct linger { on = 1, seconds = 0 }
        int* linger = stackalloc int[2] { 1, 0 };
        LibC.SetSocketOption(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionLinger, linger, 2 * sizeof(int));
    }

    internal static void MakeNonBlocking(int descriptor)
    {
        int flags = LibC.FileControl(descriptor, LinuxConstants.FileGetFlags, 0);
        if (flags < 0 || LibC.FileControl(descriptor, LinuxConstants.FileSetFlags, flags | LinuxConstants.FileNonBlocking) < 0)
        {
            throw new InvalidOperationException($"Not a descriptor that can be adopted: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static PackedEndPoint Read(byte* address, uint length) =>
        SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxBytes)));

    private static int SetCongestionControl(int descriptor, string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        fixed (byte* value = bytes)
        {
            return LibC.SetSocketOption(descriptor, LinuxConstants.LevelTcp, LinuxConstants.TcpCongestion, value, (uint)bytes.Length) == 0
                ? 0
                : Marshal.GetLastPInvokeError();
        }
    }

    private static int ApplyKeepalive(int descriptor, KeepaliveOptions keepalive)
    {
        ReadOnlySpan<(int Level, int Name, int Value)> settings =
        [
            (LinuxConstants.LevelTcp, LinuxConstants.TcpKeepaliveIdle, keepalive.IdleSeconds),
            (LinuxConstants.LevelTcp, LinuxConstants.TcpKeepaliveInterval, keepalive.IntervalSeconds),
            (LinuxConstants.LevelTcp, LinuxConstants.TcpKeepaliveCount, keepalive.Probes),
            (LinuxConstants.LevelSocket, LinuxConstants.OptionKeepalive, 1),
        ];
        foreach ((int level, int name, int value) in settings)
        {
            int errno = Set(descriptor, level, name, value);
            if (errno != 0)
            {
                return errno;
            }
        }

        return 0;
    }
}
