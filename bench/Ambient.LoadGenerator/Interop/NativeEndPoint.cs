using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Ambient.LoadGenerator.Interop;

/// <summary>struct sockaddr_in. The benchmark's namespaces are IPv4.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct NativeEndPoint
{
    private ushort _family;
    private ushort _portBigEndian;
    private uint _addressBigEndian;
    private ulong _padding;

    public static NativeEndPoint From(IPEndPoint endPoint)
    {
        Span<byte> address = stackalloc byte[4];
        if (!endPoint.Address.TryWriteBytes(address, out int written) || written != 4)
        {
            throw new ArgumentException($"{endPoint} is not IPv4", nameof(endPoint));
        }

        return new NativeEndPoint
        {
            _family = LibC.AddressFamilyInet,
            _portBigEndian = BinaryPrimitives.ReverseEndianness((ushort)endPoint.Port),
            _addressBigEndian = MemoryMarshal.Read<uint>(address),
            _padding = 0,
        };
    }
}
