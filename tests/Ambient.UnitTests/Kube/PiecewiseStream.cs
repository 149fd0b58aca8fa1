namespace Ambient.UnitTests.Kube;

/// <summary>Bytes that arrive in pieces of at most so many.</summary>
internal sealed class PiecewiseStream(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceBytes)], cancellationToken);
}
