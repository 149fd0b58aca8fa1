using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>The loaded OpenSSL. Every path to it begins with <see cref="EnsureReady"/>.</summary>
internal static unsafe class OpenSslLibrary
{
    private static readonly string LoadedVersion = Load();

    /// <summary>For the start log.</summary>
    public static string Version => LoadedVersion;

    /// <summary>
    /// Initialises OpenSSL without its exit handler, which would free its tables under handshake threads that still run when the
    /// process ends. Only the first initialisation of a process decides this, so it comes before any other call.
    /// </summary>
    /// <exception cref="DllNotFoundException">libssl.so.3 is not installed.</exception>
    public static void EnsureReady() => _ = LoadedVersion;

    private static string Load()
    {
        OpenSslError.ThrowIfZero(LibSsl.OPENSSL_init_ssl(LibSsl.InitNoExitHandler, 0), "initialise itself");
        return Marshal.PtrToStringUTF8((nint)LibCrypto.OpenSSL_version(0)) ?? "OpenSSL of unknown version";
    }
}
