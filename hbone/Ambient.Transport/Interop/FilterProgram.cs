using System.Runtime.InteropServices;

namespace Ambient.Transport.Interop;

/// <summary>struct sock_fprog of 64-bit systems: a classic BPF program.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FilterProgram
{
    internal ushort Length;
    internal Instruction* Instructions;

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Instruction
    {
        internal ushort Code;
        internal byte JumpTrue;
        internal byte JumpFalse;
        internal uint Constant;
    }
}
