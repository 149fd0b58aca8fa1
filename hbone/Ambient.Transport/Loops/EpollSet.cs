using System.Runtime.InteropServices;
using Ambient.Transport.Interop;

namespace Ambient.Transport.Loops;

/// <summary>
/// One epoll descriptor, its eventfd for waking, and the buffer of events. struct epoll_event is packed to 12 bytes on x86
/// and has 16 elsewhere, hence the two offsets.
/// </summary>
internal sealed unsafe class EpollSet : IDisposable
{
    /// <summary>Events taken in one turn; further ready sockets come first in the next one, since epoll rotates its list.</summary>
    internal const int BatchSize = 256;

    /// <summary>The token of the eventfd; no socket has it, because slots are 31 bits.</summary>
    internal const ulong WakeToken = ulong.MaxValue;

    private const uint SocketEvents = LinuxConstants.EpollIn | LinuxConstants.EpollOut | LinuxConstants.EpollReadHangUp
        | LinuxConstants.EpollPriority | LinuxConstants.EpollEdgeTriggered;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int EventBytes = IsPacked ? 12 : 16;
    private static readonly int TokenOffset = IsPacked ? 4 : 8;

    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(BatchSize * EventBytes));
    private readonly int _epoll;
    private readonly int _wake;

    internal EpollSet()
    {
        _epoll = CheckStarted(LibC.EpollCreate(LinuxConstants.EpollCloseOnExec));
        _wake = CheckStarted(LibC.EventDescriptor(0, LinuxConstants.EventCloseOnExec | LinuxConstants.EventNonBlocking));
        CheckStarted(Add(_wake, WakeToken, LinuxConstants.EpollIn | LinuxConstants.EpollEdgeTriggered));
    }

    /// <returns>0, or an errno: the kernel bounds watches per user.</returns>
    internal int AddSocket(int descriptor, ulong token) =>
        Add(descriptor, token, SocketEvents) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <param name="timeoutMilliseconds">-1 waits without limit.</param>
    internal int Wait(int timeoutMilliseconds)
    {
        int count = LibC.EpollWait(_epoll, _events, BatchSize, timeoutMilliseconds);
        if (count >= 0)
        {
            return count;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.Interrupted ? 0 : throw new InvalidOperationException($"epoll_wait failed with errno {errno}.");
    }

    internal uint EventsAt(int index) => *(uint*)(_events + index * EventBytes);

    internal ulong TokenAt(int index) => *(ulong*)(_events + index * EventBytes + TokenOffset);

    /// <summary>
    /// Any thread. The counter is never read: watched edge-triggered, each write is an event of its own, and 64 bits do not
    /// overflow.
    /// </summary>
    internal void Wake()
    {
        ulong one = 1;
        LibC.Write(_wake, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        LibC.Close(_wake);
        LibC.Close(_epoll);
        NativeMemory.Free(_events);
    }

    private int Add(int descriptor, ulong token, uint events)
    {
        byte* value = stackalloc byte[16];
        *(uint*)value = events;
        *(ulong*)(value + TokenOffset) = token;
        return LibC.EpollControl(_epoll, LinuxConstants.EpollAdd, descriptor, value);
    }

    private static int CheckStarted(int result) => result >= 0
        ? result
        : throw new InvalidOperationException($"An event loop could not be set up: errno {Marshal.GetLastPInvokeError()}.");
}
