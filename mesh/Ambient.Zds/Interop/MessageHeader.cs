using System.Runtime.InteropServices;

namespace Ambient.Zds.Interop;

/// <summary>struct msghdr of 64-bit glibc and musl, with its one struct iovec behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    internal void* Name;
    internal uint NameLength;
    internal Vector* Vectors;
    internal nint VectorCount;
    internal void* Control;
    internal nint ControlLength;
    internal int Flags;

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Vector
    {
        internal void* Base;
        internal nint Length;
    }
}
