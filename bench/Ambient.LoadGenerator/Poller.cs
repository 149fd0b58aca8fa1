using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>One epoll instance, with a 32-bit token per socket.</summary>
internal sealed unsafe class Poller : IDisposable
{
    private const int Capacity = 512;
    private readonly int _epoll = LibC.EpollCreate(0);
    private readonly EpollEvent[] _events = new EpollEvent[Capacity];

    public void Add(int socket, int token, bool edgeTriggered = true)
    {
        EpollEvent interest = new()
        {
            Events = EpollEvent.Readable | EpollEvent.Writable | (edgeTriggered ? EpollEvent.EdgeTriggered : 0),
            Token = (ulong)(uint)token,
        };
        if (LibC.EpollControl(_epoll, 1, socket, &interest) < 0)
        {
            throw new IOException($"epoll_ctl refused socket {socket}");
        }
    }

    /// <summary>Ready events; valid until the next call.</summary>
    public ReadOnlySpan<EpollEvent> Wait(int timeoutMilliseconds)
    {
        fixed (EpollEvent* events = _events)
        {
            int count = LibC.EpollWait(_epoll, events, Capacity, timeoutMilliseconds);
            return _events.AsSpan(0, Math.Max(0, count));
        }
    }

    public void Dispose() => _ = LibC.Close(_epoll);
}
