using System.Runtime.InteropServices;

namespace Ambient.Transport.Interop;

/// <summary>struct rlimit of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimitPair
{
    internal ulong Soft;
    internal ulong Hard;
}
