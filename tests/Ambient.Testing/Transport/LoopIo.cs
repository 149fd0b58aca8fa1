using Ambient.Transport.Sockets;

namespace Ambient.Testing.Transport;

/// <summary>Reads and writes of whole arrays over a <see cref="LoopSocket"/>, on its loop.</summary>
public static class LoopIo
{
    public static async Task WriteAllAsync(this LoopSocket socket, byte[] bytes)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            IoResult result = Send(socket, bytes.AsSpan(sent));
            if (result.IsError)
            {
                throw new IOException($"errno {result.Errno}");
            }

            sent += result.Bytes;
            if (result.IsWouldBlock)
            {
                await socket.WaitWritableAsync();
            }
        }
    }

    /// <returns>What came before the end of the stream, or <paramref name="limit"/> bytes.</returns>
    public static async Task<byte[]> ReadAsync(this LoopSocket socket, int limit = int.MaxValue)
    {
        var received = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (received.Length < limit)
        {
            IoResult result = Receive(socket, buffer.AsSpan(0, (int)Math.Min(buffer.Length, limit - received.Length)));
            if (result.IsEndOfStream)
            {
                break;
            }

            if (result.IsError)
            {
                throw new IOException($"errno {result.Errno}");
            }

            received.Write(buffer, 0, result.Bytes);
            if (result.IsWouldBlock)
            {
                await socket.WaitReadableAsync();
            }
        }

        return received.ToArray();
    }

    public static unsafe IoResult Receive(this LoopSocket socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return socket.Receive(start, buffer.Length);
        }
    }

    public static unsafe IoResult Send(this LoopSocket socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return socket.Send(start, bytes.Length);
        }
    }
}
