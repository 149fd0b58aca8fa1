using System.Runtime.InteropServices;
using Ambient.Transport.Sockets;

namespace Ambient.Transport.Interop;

/// <summary>struct msghdr of 64-bit glibc and musl; the padding after the counts is the same in both.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    internal void* Name;
    internal uint NameLength;
    internal IoVector* Vectors;
    internal nint VectorCount;
    internal void* Control;
    internal nint ControlLength;
    internal int Flags;
}
