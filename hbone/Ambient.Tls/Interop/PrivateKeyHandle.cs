using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>Owns an EVP_PKEY; OpenSSL clears the key material when it frees it.</summary>
internal sealed class PrivateKeyHandle : SafeHandle
{
    public PrivateKeyHandle(nint owned)
        : base(0, ownsHandle: true)
    {
        OpenSslError.ThrowIfNull(owned, "parse the private key");
        SetHandle(owned);
        LiveObjects.AddCertificate(1);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        LiveObjects.AddCertificate(-1);
        return true;
    }
}
