using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>
/// Owns an SSL with its two memory BIOs, and the pinned way from it to the managed object that its callbacks work for. The way
/// is a slot of the SSL itself, so that a callback finds its object without a table or a lock.
/// </summary>
internal sealed class SslHandle : SafeHandle
{
    private static readonly int OwnerIndex = LibCrypto.CRYPTO_get_ex_new_index(LibCrypto.ExDataIndexSsl, 0, 0, 0, 0, 0);

    private GCHandle _owner;

    public SslHandle(SslContextHandle context, HandshakeFacts facts)
        : base(0, ownsHandle: true)
    {
        bool isHeld = false;
        try
        {
            context.DangerousAddRef(ref isHeld);
            SetHandle(LibSsl.SSL_new(context.DangerousGetHandle()));
        }
        finally
        {
            if (isHeld)
            {
                context.DangerousRelease();
            }
        }

        OpenSslError.ThrowIfNull(handle, "make a TLS connection");
        _owner = GCHandle.Alloc(facts);
        LiveObjects.AddConnection(1);
        AttachMemory(facts);
    }

    /// <summary>Bytes from the peer go in here; owned by the SSL.</summary>
    public nint ReadBio { get; private set; }

    /// <summary>Bytes for the peer come out of here; owned by the SSL.</summary>
    public nint WriteBio { get; private set; }

    public override bool IsInvalid => handle == 0;

    /// <summary>The object behind a callback's SSL, or null if the SSL is not one of ours.</summary>
    public static HandshakeFacts? Owner(nint ssl)
    {
        nint data = LibSsl.SSL_get_ex_data(ssl, OwnerIndex);
        return data == 0 ? null : GCHandle.FromIntPtr(data).Target as HandshakeFacts;
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        if (_owner.IsAllocated)
        {
            _owner.Free();
        }

        LiveObjects.AddConnection(-1);
        return true;
    }

    private void AttachMemory(HandshakeFacts facts)
    {
        ReadBio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        WriteBio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibSsl.SSL_set_bio(handle, ReadBio, WriteBio);
        OpenSslError.ThrowIfNull(ReadBio, "make a memory buffer");
        OpenSslError.ThrowIfNull(WriteBio, "make a memory buffer");
        OpenSslError.ThrowIfZero(LibSsl.SSL_set_ex_data(handle, OwnerIndex, GCHandle.ToIntPtr(_owner)), "attach the handshake");
        if (facts.Role == TlsRole.Client)
        {
            LibSsl.SSL_set_connect_state(handle);
        }
        else
        {
            LibSsl.SSL_set_accept_state(handle);
        }
    }
}
