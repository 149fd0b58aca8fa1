using System.Security.Cryptography;
using Ambient.Tls.Interop;

namespace Ambient.Tls.Aead;

internal sealed unsafe class OpenSslAeadKey : AeadKey
{
    // Kept for the life of the key: only the nonce is set again for each record.
    private readonly CipherContextHandle _context;

    public OpenSslAeadKey(nint cipher, ReadOnlySpan<byte> key)
    {
        _context = new CipherContextHandle(LibCrypto.EVP_CIPHER_CTX_new());
        fixed (byte* bytes = key)
        {
            OpenSslError.ThrowIfZero(
                LibCrypto.EVP_CipherInit_ex(_context.DangerousGetHandle(), cipher, 0, bytes, null, 1), "set up AES-GCM");
        }
    }

    public override void Seal(byte* nonce, byte* header, int headerLength, byte* source, int length, byte* destination)
    {
        nint context = _context.DangerousGetHandle();
        int written;
        bool isSealed =
            LibCrypto.EVP_CipherInit_ex(context, 0, 0, null, nonce, 1) == 1
            && LibCrypto.EVP_CipherUpdate(context, null, &written, header, headerLength) == 1
            && LibCrypto.EVP_CipherUpdate(context, destination, &written, source, length) == 1
            && LibCrypto.EVP_CipherFinal_ex(context, destination + length, &written) == 1
            && LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.AeadGetTag, TagBytes, destination + length) == 1;
        GC.KeepAlive(this);
        if (!isSealed)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(destination, length));
            OpenSslError.Throw("seal a record");
        }
    }

    public override bool Open(byte* nonce, byte* header, int headerLength, byte* data, int length)
    {
        nint context = _context.DangerousGetHandle();
        int written;
        bool isAuthentic =
            LibCrypto.EVP_CipherInit_ex(context, 0, 0, null, nonce, 0) == 1
            && LibCrypto.EVP_CIPHER_CTX_ctrl(context, LibCrypto.AeadSetTag, TagBytes, data + length) == 1
            && LibCrypto.EVP_CipherUpdate(context, null, &written, header, headerLength) == 1
            && (length == 0 || LibCrypto.EVP_CipherUpdate(context, data, &written, data, length) == 1)
            && LibCrypto.EVP_CipherFinal_ex(context, data + length, &written) == 1;
        GC.KeepAlive(this);
        if (!isAuthentic)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(data, length));
            LibCrypto.ERR_clear_error();
        }

        return isAuthentic;
    }

    public override void Dispose() => _context.Dispose();
}
