using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>
/// One line of OpenSSL's key log, "LABEL client-random secret" in hex. It is decoded from OpenSSL's buffer (which OpenSSL clears)
/// straight into memory that we clear: no managed copy of a secret is ever made.
/// </summary>
internal static unsafe class KeyLogLine
{
    public static void Capture(byte* line, HandshakeFacts facts)
    {
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(line);
        bool isClient = text.StartsWith("CLIENT_TRAFFIC_SECRET_0 "u8);
        if (!isClient && !text.StartsWith("SERVER_TRAFFIC_SECRET_0 "u8))
        {
            return;
        }

        ReadOnlySpan<byte> hex = text[(text.LastIndexOf((byte)' ') + 1)..];
        Span<byte> secret = facts.ReserveSecret(isClient, hex.Length / 2);
        for (int i = 0; i < secret.Length; i++)
        {
            secret[i] = (byte)((Nibble(hex[2 * i]) << 4) | Nibble(hex[(2 * i) + 1]));
        }
    }

    private static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => throw new FormatException("The key log line of OpenSSL is not hex."),
    };
}
