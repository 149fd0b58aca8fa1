using System.Runtime.InteropServices;

namespace Ambient.Transport.Interop;

/// <summary>struct ifreq (netdevice(7)) with its flags.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal unsafe struct InterfaceRequest
{
    public fixed byte Name[16];
    public short Flags;
}
