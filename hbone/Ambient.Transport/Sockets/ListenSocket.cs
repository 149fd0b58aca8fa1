using System.Net;
using System.Runtime.InteropServices;
using Ambient.Transport.Interop;
using Ambient.Transport.Lifetime;

namespace Ambient.Transport.Sockets;

/// <summary>A listening socket not yet served; <see cref="AcceptLoop"/> takes it over.</summary>
public sealed class ListenSocket : IDisposable
{
    private int _descriptor;

    private ListenSocket(int descriptor, bool isTransparent, bool isShared)
    {
        _descriptor = descriptor;
        IsShared = isShared;
        LocalEndPoint = SocketFactory.LocalAddress(descriptor).ToEndPoint();
        IsTransparent = isTransparent;
    }

    /// <summary>With the port that the kernel chose when the spec said 0.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>IP_TRANSPARENT is set, so original source addresses can be kept (node-proxy 2.6).</summary>
    public bool IsTransparent { get; }

    /// <summary>SO_REUSEPORT is set: another generation of the proxy may listen beside it.</summary>
    public bool IsShared { get; }

    /// <summary>Any thread. The connection queue fills from here on.</summary>
    public static ListenResult Open(TcpListenerSpec spec)
    {
        (ListenSocket? socket, int errno, string attempted) = TryOpen(spec, spec.Local);
        bool isWildcard = spec.Local.Address.Equals(IPAddress.IPv6Any);
        if (isWildcard && spec.FallBackToIPv4 && errno is Errno.AddressFamilyNotSupported or Errno.AddressNotAvailable)
        {
            (socket, errno, attempted) = TryOpen(spec, new IPEndPoint(IPAddress.Any, spec.Local.Port));
        }

        return socket is not null
            ? new ListenResult(socket, null)
            : new ListenResult(null, ConnectionFailure.FromErrno(
                FailurePhase.Accept, FailureSide.Proxy, errno, $"{attempted} for {spec.Local}"));
    }

    /// <summary>Closes it unless it was taken over.</summary>
    public void Dispose()
    {
        int descriptor = TakeDescriptor();
        if (descriptor >= 0)
        {
            LibC.Close(descriptor);
        }
    }

    /// <returns>-1 when it is gone already.</returns>
    internal int TakeDescriptor() => Interlocked.Exchange(ref _descriptor, -1);

    private static (ListenSocket? Socket, int Errno, string Attempted) TryOpen(TcpListenerSpec spec, IPEndPoint local)
    {
        local = SocketAddress.Canonical(local);
        int family = SocketAddress.FamilyOf(local);
        int descriptor = SocketFactory.Create(family, spec.Namespace, out int errno);
        if (descriptor < 0)
        {
            return (null, errno, "creating a listener");
        }

        bool isTransparent = false;
        string attempted = "setting listener options";
        errno = ApplyOptions(descriptor, family, spec, local);
        if (errno == 0)
        {
            (errno, isTransparent) = ApplyTransparent(descriptor, family, spec.Transparent);
            attempted = errno == 0 ? "binding" : "making a listener transparent";
        }

        if (errno == 0)
        {
            errno = SocketFactory.Bind(descriptor, local);
        }

        if (errno == 0)
        {
            attempted = "listening";
            errno = LibC.Listen(descriptor, spec.Backlog) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }

        if (errno == 0)
        {
            return (new ListenSocket(descriptor, isTransparent, spec.ReusePort), 0, attempted);
        }

        LibC.Close(descriptor);
        return (null, errno, attempted);
    }

    private static int ApplyOptions(int descriptor, int family, TcpListenerSpec spec, IPEndPoint local)
    {
        int errno = SocketFactory.Set(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionReuseAddress, 1);
        if (errno == 0 && spec.ReusePort)
        {
            errno = SocketFactory.Set(descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionReusePort, 1);
        }

        if (errno == 0 && family == LinuxConstants.FamilyIPv6)
        {
            // Said both ways: net.ipv6.bindv6only would otherwise decide.
            int onlyIPv6 = local.Address.Equals(IPAddress.IPv6Any) ? 0 : 1;
            errno = SocketFactory.Set(descriptor, LinuxConstants.LevelIPv6, LinuxConstants.IPv6Only, onlyIPv6);
        }

        return errno == 0 ? SocketFactory.Apply(descriptor, spec.Socket) : errno;
    }

    private static (int Errno, bool IsTransparent) ApplyTransparent(int descriptor, int family, TransparentMode mode)
    {
        if (mode == TransparentMode.Never)
        {
            return (0, false);
        }

        int errno = SocketFactory.MakeTransparent(descriptor, family);
        return (mode == TransparentMode.Required ? errno : 0, errno == 0);
    }
}
