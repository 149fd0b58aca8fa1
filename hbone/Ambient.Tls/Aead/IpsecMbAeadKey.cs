using System.Security.Cryptography;
using Ambient.Tls.Interop;

namespace Ambient.Tls.Aead;

internal sealed unsafe class IpsecMbAeadKey : AeadKey
{
    /// <summary>
    /// Room for the library's expanded key (1,008 bytes in version 1.3). Twice that, because a later version may need more; the
    /// self-test refuses a library that needs more still.
    /// </summary>
    internal const int KeyDataBytes = 2048;

    /// <summary>Room for the library's scratch context (88 bytes in version 1.3).</summary>
    internal const int ContextBytes = 256;

    private readonly IpsecMbFunctions _functions;
    private readonly SecretMemory _memory = new(KeyDataBytes + ContextBytes);

    public IpsecMbAeadKey(IpsecMbFunctions functions, ReadOnlySpan<byte> key)
    {
        _functions = functions;
        fixed (byte* bytes = key)
        {
            _functions.Expand(bytes, KeyData);
        }
    }

    private byte* KeyData => _memory.Pointer;

    private byte* Context => _memory.Pointer + KeyDataBytes;

    public override void Seal(byte* nonce, byte* header, int headerLength, byte* source, int length, byte* destination)
    {
        _functions.Seal(KeyData, Context, destination, source, length, nonce, header, headerLength, destination + length, TagBytes);
        GC.KeepAlive(this);
    }

    public override bool Open(byte* nonce, byte* header, int headerLength, byte* data, int length)
    {
        byte* tag = stackalloc byte[TagBytes];
        _functions.Open(KeyData, Context, data, data, length, nonce, header, headerLength, tag, TagBytes);
        GC.KeepAlive(this);
        if (CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(tag, TagBytes), new ReadOnlySpan<byte>(data + length, TagBytes)))
        {
            return true;
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(data, length));
        return false;
    }

    public override void Dispose() => _memory.Dispose();
}
