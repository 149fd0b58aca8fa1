using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ambient.Tls.Aead;

namespace Ambient.Tls.Records;

/// <summary>Seals or opens the records of one direction (RFC 8446 5.2 and 5.3) and steps its keys.</summary>
internal sealed unsafe class RecordProtection(AeadProvider provider, TlsTrafficState state) : IDisposable
{
    public const int HeaderBytes = 5;

    private AeadKey _key = provider.CreateKey(state.Key);

    public TlsSuite Suite => state.Suite;

    public TlsTrafficState State => state;

    /// <summary>Records sealed or opened under the current key.</summary>
    public ulong Sequence => state.Sequence;

    /// <summary>The number must not wrap (RFC 8446 5.3), so the last one is not used.</summary>
    public bool IsExhausted => state.Sequence == ulong.MaxValue;

    /// <summary>Opens in place what follows the header at <paramref name="record"/>; on a bad tag it is wiped.</summary>
    /// <param name="record">A complete record.</param>
    /// <param name="ciphertextLength">Length without the tag.</param>
    public bool Open(byte* record, int ciphertextLength)
    {
        byte* nonce = stackalloc byte[AeadKey.NonceBytes];
        WriteNonce(nonce);
        if (!_key.Open(nonce, record, HeaderBytes, record + HeaderBytes, ciphertextLength))
        {
            return false;
        }

        state.Sequence++;
        return true;
    }

    /// <summary>Writes header, ciphertext and tag.</summary>
    /// <param name="inner">The plaintext with its content type behind it.</param>
    /// <param name="innerLength">Length with the content type.</param>
    /// <param name="record">Where the record goes; must not overlap.</param>
    /// <returns>Length of the record.</returns>
    public int Seal(byte* inner, int innerLength, byte* record)
    {
        int protectedLength = innerLength + AeadKey.TagBytes;
        record[0] = (byte)ContentType.ApplicationData;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte)(protectedLength >> 8);
        record[4] = (byte)protectedLength;
        byte* nonce = stackalloc byte[AeadKey.NonceBytes];
        WriteNonce(nonce);
        _key.Seal(nonce, record, HeaderBytes, inner, innerLength, record + HeaderBytes);
        state.Sequence++;
        return HeaderBytes + protectedLength;
    }

    /// <summary>Steps to the next keys; the old ones are zeroed.</summary>
    public void Update()
    {
        state.Update();
        _key.Dispose();
        _key = provider.CreateKey(state.Key);
    }

    public void Dispose()
    {
        _key.Dispose();
        state.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteNonce(byte* nonce)
    {
        var target = new Span<byte>(nonce, AeadKey.NonceBytes);
        state.Iv.CopyTo(target);
        Span<byte> counter = target[4..];
        BinaryPrimitives.WriteUInt64BigEndian(counter, BinaryPrimitives.ReadUInt64BigEndian(counter) ^ state.Sequence);
    }
}
