using System.Buffers.Binary;
using System.Net;

namespace Ambient.Bench.Footing;

/// <summary>Reads a ServerHello (RFC 8446 4.1.3) at the start of what a server sent.</summary>
internal static class TlsHelloParser
{
    private const byte HandshakeRecord = 22;
    private const byte ServerHello = 2;
    private const int ExtensionPreSharedKey = 41;
    private const int ExtensionSupportedVersions = 43;
    private const int ExtensionKeyShare = 51;
    private const int VersionAndRandomBytes = 34;

    /// <summary>Null when the bytes are anything else, or are cut short.</summary>
    public static TlsHello? Parse(IPEndPoint server, ReadOnlySpan<byte> payload)
    {
        // Record header of 5 bytes, then handshake type and 24-bit length.
        if (payload.Length < 9 + VersionAndRandomBytes + 1 || payload[0] != HandshakeRecord || payload[5] != ServerHello)
        {
            return null;
        }

        int messageEnd = 9 + ((payload[6] << 16) | BinaryPrimitives.ReadUInt16BigEndian(payload[7..]));
        int position = 9 + VersionAndRandomBytes;
        position += 1 + payload[position];
        if (messageEnd > payload.Length || position + 5 > messageEnd)
        {
            return null;
        }

        ushort suite = BinaryPrimitives.ReadUInt16BigEndian(payload[position..]);
        int extensionsEnd = position + 5 + BinaryPrimitives.ReadUInt16BigEndian(payload[(position + 3)..]);
        return extensionsEnd > messageEnd ? null : ReadExtensions(server, suite, payload[(position + 5)..extensionsEnd]);
    }

    private static TlsHello? ReadExtensions(IPEndPoint server, ushort suite, ReadOnlySpan<byte> extensions)
    {
        ushort version = 0;
        ushort group = 0;
        bool isResumed = false;
        while (extensions.Length >= 4)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]);
            if (4 + length > extensions.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> body = extensions.Slice(4, length);
            switch (type)
            {
                case ExtensionSupportedVersions when length >= 2:
                    version = BinaryPrimitives.ReadUInt16BigEndian(body);
                    break;
                case ExtensionKeyShare when length >= 2:
                    group = BinaryPrimitives.ReadUInt16BigEndian(body);
                    break;
                case ExtensionPreSharedKey:
                    isResumed = true;
                    break;
            }

            extensions = extensions[(4 + length)..];
        }

        return new TlsHello(server, suite, version, group, isResumed);
    }
}
