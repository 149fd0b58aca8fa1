using System.Buffers;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>Bytes collected across calls, in rented memory that grows with what arrived, never with what was announced.</summary>
internal sealed class ByteAccumulator
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> more)
    {
        if (Length + more.Length > _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(512, Math.Max(Length + more.Length, _bytes.Length * 2)));
            Span.CopyTo(larger);
            Return();
            _bytes = larger;
        }

        more.CopyTo(_bytes.AsSpan(Length));
        Length += more.Length;
    }

    public void Clear()
    {
        Return();
        _bytes = [];
        Length = 0;
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
