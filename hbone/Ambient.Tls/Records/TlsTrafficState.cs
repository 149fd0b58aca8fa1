using System.Buffers.Binary;
using Ambient.Tls.Aead;
using Ambient.Tls.Interop;

namespace Ambient.Tls.Records;

/// <summary>
/// All that one direction of a connection is: suite, traffic secret, and what follows from it, and the next sequence number. It can
/// be written out and read back, so that a live connection can move to another process. The secret parts lie in memory that is
/// zeroed on disposal and never moved.
/// </summary>
internal sealed class TlsTrafficState : IDisposable
{
    /// <summary>Size of the written form: suite, sequence number, secret.</summary>
    public const int ExportedBytes = 2 + 8 + KeySchedule.MaxHashBytes;

    private const int KeyOffset = KeySchedule.MaxHashBytes;
    private const int IvOffset = KeyOffset + KeySchedule.MaxKeyBytes;

    private readonly SecretMemory _memory = new(IvOffset + AeadKey.NonceBytes);

    private TlsTrafficState(TlsSuite suite) => Suite = suite;

    public TlsSuite Suite { get; }

    /// <summary>Number of the next record under the current key; the last value is never used (RFC 8446 5.3).</summary>
    public ulong Sequence { get; set; }

    public ReadOnlySpan<byte> Key => _memory.Span.Slice(KeyOffset, KeySchedule.KeyBytes(Suite));

    public ReadOnlySpan<byte> Iv => _memory.Span.Slice(IvOffset, AeadKey.NonceBytes);

    private Span<byte> Secret => _memory.Span[..KeySchedule.HashBytes(Suite)];

    public static TlsTrafficState FromSecret(TlsSuite suite, ReadOnlySpan<byte> secret)
    {
        if (!KeySchedule.IsKnown(suite) || secret.Length != KeySchedule.HashBytes(suite))
        {
            throw new ArgumentException("The secret's length is not that of the suite's hash.", nameof(secret));
        }

        var state = new TlsTrafficState(suite);
        secret.CopyTo(state.Secret);
        state.DeriveKeys();
        return state;
    }

    /// <summary>Reads what <see cref="Export"/> wrote.</summary>
    public static TlsTrafficState Import(ReadOnlySpan<byte> source)
    {
        var suite = (TlsSuite)BinaryPrimitives.ReadUInt16BigEndian(source);
        if (source.Length != ExportedBytes || !KeySchedule.IsKnown(suite))
        {
            throw new ArgumentException("Not an exported traffic state.", nameof(source));
        }

        TlsTrafficState state = FromSecret(suite, source.Slice(10, KeySchedule.HashBytes(suite)));
        state.Sequence = BinaryPrimitives.ReadUInt64BigEndian(source[2..]);
        return state;
    }

    /// <summary>Writes the state; the destination then holds a secret, which the caller must clear.</summary>
    public void Export(Span<byte> destination)
    {
        destination = destination[..ExportedBytes];
        destination.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)Suite);
        BinaryPrimitives.WriteUInt64BigEndian(destination[2..], Sequence);
        Secret.CopyTo(destination[10..]);
    }

    /// <summary>Steps to the next generation of keys (RFC 8446 7.2); the old secret and key are overwritten.</summary>
    public void Update()
    {
        Span<byte> next = stackalloc byte[KeySchedule.MaxHashBytes];
        next = next[..Secret.Length];
        KeySchedule.ExpandLabel(Suite, Secret, "traffic upd"u8, next);
        next.CopyTo(Secret);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(next);
        DeriveKeys();
        Sequence = 0;
    }

    public void Dispose() => _memory.Dispose();

    private void DeriveKeys()
    {
        KeySchedule.ExpandLabel(Suite, Secret, "key"u8, _memory.Span.Slice(KeyOffset, KeySchedule.KeyBytes(Suite)));
        KeySchedule.ExpandLabel(Suite, Secret, "iv"u8, _memory.Span.Slice(IvOffset, AeadKey.NonceBytes));
    }
}
