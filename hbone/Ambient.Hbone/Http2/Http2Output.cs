using System.Buffers;

namespace Ambient.Hbone.Http2;

/// <summary>
/// Frames waiting to be sent, in order. The owner of the socket puts <see cref="Span"/> behind the DATA frames it made earlier and in front of
/// those it makes later (an END_STREAM or RST_STREAM in here must not overtake its stream's data), then calls <see cref="Clear"/>,
/// which gives the memory back: an idle connection holds none.
/// </summary>
public sealed class Http2Output
{
    private byte[]? _bytes;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = null;
        }

        Length = 0;
        AnswerBytes = 0;
    }

    /// <summary>Of the waiting bytes, those that the peer provoked.</summary>
    internal int AnswerBytes { get; set; }

    /// <summary>Room for that many bytes at the end; they count as written.</summary>
    internal Span<byte> Append(int length)
    {
        int needed = Length + length;
        if (_bytes is null || needed > _bytes.Length)
        {
            Grow(needed);
        }

        Span<byte> room = _bytes.AsSpan(Length, length);
        Length = needed;
        return room;
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(512, Math.Max(needed, 2 * (_bytes?.Length ?? 0))));
        if (_bytes is not null)
        {
            _bytes.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
