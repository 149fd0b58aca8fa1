using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>Owns one reference to an SSL_CTX; every SSL made from it holds another.</summary>
internal sealed class SslContextHandle : SafeHandle
{
    public SslContextHandle(nint owned)
        : base(0, ownsHandle: true)
    {
        OpenSslError.ThrowIfNull(owned, "make a TLS context");
        SetHandle(owned);
        LiveObjects.AddContext(1);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        LiveObjects.AddContext(-1);
        return true;
    }
}
