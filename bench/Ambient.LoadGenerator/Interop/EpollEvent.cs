using System.Runtime.InteropServices;

namespace Ambient.LoadGenerator.Interop;

/// <summary>struct epoll_event, packed as on x86-64.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct EpollEvent
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const uint EdgeTriggered = 1u << 31;

    public uint Events;
    public ulong Token;
}
