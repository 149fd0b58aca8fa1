using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ambient.Tls.Interop;

/// <summary>Reads OpenSSL's error queue, which belongs to the calling thread.</summary>
internal static unsafe class OpenSslError
{
    private const int LibrarySsl = 20;

    /// <summary>The reason of the oldest queued error if it is libssl's own, else 0. Empties the queue.</summary>
    public static int TakeSslReason(out string text)
    {
        ulong error = LibCrypto.ERR_get_error();
        text = Describe(error);
        LibCrypto.ERR_clear_error();
        return ((error >> 23) & 0xFF) == LibrarySsl ? (int)(error & 0x7FFFFF) : 0;
    }

    public static void ThrowIfNull(nint pointer, string action)
    {
        if (pointer == 0)
        {
            Throw(action);
        }
    }

    public static void ThrowIfZero(nint result, string action)
    {
        if (result <= 0)
        {
            Throw(action);
        }
    }

    public static void Throw(string action)
    {
        string text = Describe(LibCrypto.ERR_get_error());
        LibCrypto.ERR_clear_error();
        throw new CryptographicException($"OpenSSL could not {action}: {text}");
    }

    private static string Describe(ulong error)
    {
        if (error == 0)
        {
            return "no reason given";
        }

        const int Capacity = 256;
        byte* buffer = stackalloc byte[Capacity];
        LibCrypto.ERR_error_string_n(error, buffer, Capacity);
        return Marshal.PtrToStringUTF8((nint)buffer) ?? string.Empty;
    }
}
