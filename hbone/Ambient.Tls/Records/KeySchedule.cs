using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ambient.Tls.Records;

/// <summary>The part of RFC 8446 7 that comes after the handshake: keys from a traffic secret, and the next traffic secret.</summary>
internal static class KeySchedule
{
    public const int MaxHashBytes = 48;
    public const int MaxKeyBytes = 32;

    private const int MaxLabelBytes = 4 + 18;

    public static bool IsKnown(TlsSuite suite) => suite is TlsSuite.Aes128GcmSha256 or TlsSuite.Aes256GcmSha384;

    public static int HashBytes(TlsSuite suite) => suite == TlsSuite.Aes256GcmSha384 ? 48 : 32;

    public static int KeyBytes(TlsSuite suite) => suite == TlsSuite.Aes256GcmSha384 ? 32 : 16;

    /// <summary>HKDF-Expand-Label with an empty context (RFC 8446 7.1).</summary>
    /// <param name="suite">Decides the hash.</param>
    /// <param name="secret">The secret to expand.</param>
    /// <param name="label">Without the "tls13 " prefix; at most 12 bytes.</param>
    /// <param name="output">Filled; its length is part of the derivation.</param>
    public static void ExpandLabel(TlsSuite suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, Span<byte> output)
    {
        ReadOnlySpan<byte> prefix = "tls13 "u8;
        Span<byte> info = stackalloc byte[MaxLabelBytes];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)output.Length);
        info[2] = (byte)(prefix.Length + label.Length);
        prefix.CopyTo(info[3..]);
        label.CopyTo(info[(3 + prefix.Length)..]);
        int length = 3 + prefix.Length + label.Length;
        info[length++] = 0;
        HashAlgorithmName hash = suite == TlsSuite.Aes256GcmSha384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        HKDF.Expand(hash, secret, output, info[..length]);
    }
}
