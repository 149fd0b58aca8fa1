using System.Net;
using Ambient.Transport.Interop;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;

namespace Ambient.Transport.Sockets;

/// <summary>Makes outgoing connections.</summary>
public static class TcpDialer
{
    /// <summary>Loop thread. Never throws for a connection that cannot be made.</summary>
    public static async ValueTask<DialResult> ConnectAsync(EventLoop loop, IPEndPoint destination, DialOptions options)
    {
        destination = SocketAddress.Canonical(destination);
        int descriptor = Prepare(destination, options, out SourceBind sourceBind, out ConnectionFailure? failure);
        if (descriptor < 0)
        {
            return new DialResult(null, failure, sourceBind);
        }

        int errno = SocketFactory.Connect(descriptor, destination);
        if (errno is not (0 or Errno.InProgress))
        {
            LibC.Close(descriptor);
            return new DialResult(null, Failed(errno, destination), sourceBind);
        }

        PackedEndPoint remote = SocketAddress.Pack(destination);
        LoopSocket? socket = LoopSocket.TryAdopt(loop, descriptor, SocketState.None, remote, out int adoptErrno);
        if (socket is null)
        {
            LibC.Close(descriptor);
            return new DialResult(null, ProxyFailed(adoptErrno, destination), sourceBind);
        }

        failure = await FinishAsync(socket, destination, options.Timeout);
        if (failure is not null)
        {
            socket.Dispose();
            return new DialResult(null, failure, sourceBind);
        }

        return new DialResult(socket, null, sourceBind);
    }

    private static async ValueTask<ConnectionFailure?> FinishAsync(LoopSocket socket, IPEndPoint destination, TimeSpan timeout)
    {
        LoopTimer timer = socket.Loop.StartTimer(timeout, static state => ((LoopSocket)state!).WakeWriter(), socket);
        await socket.WaitWritableAsync();
        bool hasTimedOut = !timer.IsPending && !socket.IsWritable;
        timer.Cancel();
        if (socket.IsDisposed)
        {
            return socket.AbortReason ?? ProxyFailed(Errno.BadDescriptor, destination);
        }

        if (hasTimedOut)
        {
            return Failed(Errno.TimedOut, destination);
        }

        int errno = SocketFactory.TakeError(socket.FileDescriptor);
        return errno == 0 ? null : Failed(errno, destination);
    }

    /// <returns>A descriptor ready to connect, or -1 with the failure.</returns>
    private static int Prepare(IPEndPoint destination, DialOptions options, out SourceBind sourceBind, out ConnectionFailure? failure)
    {
        int family = SocketAddress.FamilyOf(destination);
        sourceBind = SourceBind.NotRequested;
        int descriptor = SocketFactory.Create(family, options.Namespace, out int errno);
        if (descriptor >= 0)
        {
            errno = SocketFactory.Apply(descriptor, options.Socket);
            if (errno == 0)
            {
                sourceBind = BindSource(ref descriptor, family, destination, options, out errno);
            }
        }

        if (errno == 0)
        {
            failure = null;
            return descriptor;
        }

        if (descriptor >= 0)
        {
            LibC.Close(descriptor);
        }

        failure = ProxyFailed(errno, destination);
        return -1;
    }

    private static SourceBind BindSource(
        ref int descriptor, int family, IPEndPoint destination, DialOptions options, out int errno)
    {
        errno = 0;
        if (options.TransparentSource is null)
        {
            return SourceBind.NotRequested;
        }

        IPEndPoint source = SocketAddress.Canonical(options.TransparentSource);
        if (source.Address.Equals(destination.Address))
        {
            return SourceBind.NotNeeded;
        }

        bool isBound = source.AddressFamily == destination.AddressFamily
            && SocketFactory.MakeTransparent(descriptor, family) == 0
            && SocketFactory.MakeFreeBind(descriptor, family) == 0
            && SocketFactory.Bind(descriptor, source) == 0;
        if (isBound)
        {
            return SourceBind.Bound;
        }

        // A fresh socket: a transparent one left unbound would still be treated apart by the routing rules.
        LibC.Close(descriptor);
        descriptor = SocketFactory.Create(family, options.Namespace, out errno);
        if (descriptor >= 0)
        {
            errno = SocketFactory.Apply(descriptor, options.Socket);
        }

        return SourceBind.Failed;
    }

    private static ConnectionFailure Failed(int errno, IPEndPoint destination)
    {
        FailureReason reason = ErrnoClassifier.Classify(errno);
        bool isOurs = reason is FailureReason.AddressNotAvailable or FailureReason.PermissionDenied or FailureReason.OutOfMemory;
        FailureSide side = isOurs ? FailureSide.Proxy : FailureSide.Upstream;
        return ConnectionFailure.FromErrno(FailurePhase.Connect, side, errno, $"connecting to {destination}");
    }

    private static ConnectionFailure ProxyFailed(int errno, IPEndPoint destination) =>
        ConnectionFailure.FromErrno(FailurePhase.Connect, FailureSide.Proxy, errno, $"making a socket for {destination}");
}
