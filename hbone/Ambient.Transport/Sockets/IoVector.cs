using System.Runtime.InteropServices;

namespace Ambient.Transport.Sockets;

/// <summary>One piece of memory of a scattered read or gathered write; the layout is struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct IoVector(byte* start, nint length)
{
    /// <summary>First byte. The memory must not move until the call returns.</summary>
    public byte* Start { get; } = start;

    /// <summary>Length in bytes.</summary>
    public nint Length { get; } = length;
}
