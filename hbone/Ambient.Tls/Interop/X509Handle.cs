using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>Owns an X509.</summary>
internal sealed class X509Handle : SafeHandle
{
    public X509Handle(nint owned)
        : base(0, ownsHandle: true)
    {
        OpenSslError.ThrowIfNull(owned, "parse a certificate");
        SetHandle(owned);
        LiveObjects.AddCertificate(1);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.X509_free(handle);
        LiveObjects.AddCertificate(-1);
        return true;
    }
}
