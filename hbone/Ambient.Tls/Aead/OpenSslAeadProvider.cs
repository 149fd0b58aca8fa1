using Ambient.Tls.Interop;

namespace Ambient.Tls.Aead;

/// <summary>AES-GCM by OpenSSL's EVP, with one context kept for each key. Always there, since the handshake needs OpenSSL.</summary>
internal sealed class OpenSslAeadProvider : AeadProvider
{
    // Fetched once: a lookup by name for each key would take a lock that all threads share.
    private readonly nint _aes128 = Fetch("AES-128-GCM");
    private readonly nint _aes256 = Fetch("AES-256-GCM");

    public static OpenSslAeadProvider Instance { get; } = new();

    public override string Name => OpenSslLibrary.Version;

    public override AeadKey CreateKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        16 => new OpenSslAeadKey(_aes128, key),
        32 => new OpenSslAeadKey(_aes256, key),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key.Length, "AES-GCM keys have 16 or 32 bytes here."),
    };

    private static nint Fetch(string algorithm)
    {
        OpenSslLibrary.EnsureReady();
        nint cipher = LibCrypto.EVP_CIPHER_fetch(0, algorithm, 0);
        OpenSslError.ThrowIfNull(cipher, $"find {algorithm}");
        return cipher;
    }
}
