using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>Owns an EVP_CIPHER_CTX; OpenSSL clears the key schedule when it frees it.</summary>
internal sealed class CipherContextHandle : SafeHandle
{
    public CipherContextHandle(nint owned)
        : base(0, ownsHandle: true)
    {
        OpenSslError.ThrowIfNull(owned, "make a cipher context");
        SetHandle(owned);
        LiveObjects.AddCipher(1);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        LiveObjects.AddCipher(-1);
        return true;
    }
}
