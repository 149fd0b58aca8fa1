using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>Owns an X509_STORE.</summary>
internal sealed class X509StoreHandle : SafeHandle
{
    public X509StoreHandle(nint owned)
        : base(0, ownsHandle: true)
    {
        OpenSslError.ThrowIfNull(owned, "make a certificate store");
        SetHandle(owned);
        LiveObjects.AddCertificate(1);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_STORE_free(handle);
        LiveObjects.AddCertificate(-1);
        return true;
    }
}
