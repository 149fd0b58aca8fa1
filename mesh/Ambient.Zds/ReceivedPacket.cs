using Microsoft.Win32.SafeHandles;

namespace Ambient.Zds;

/// <summary>What one read from a <see cref="PacketSocket"/> brought. Default is the end of the conversation.</summary>
/// <param name="Bytes">Valid until the next read; empty is the end, as a packet without bytes is (node-proxy 6.4).</param>
/// <param name="Descriptor">The receiver's to dispose.</param>
/// <param name="Fault">Why the packet cannot be read; everything in it is then discarded.</param>
public readonly record struct ReceivedPacket(ReadOnlyMemory<byte> Bytes, SafeFileHandle? Descriptor, string? Fault)
{
    public bool IsEnd => Bytes.IsEmpty && Fault is null;
}
