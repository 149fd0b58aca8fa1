using System.Net.Sockets;
using System.Security.Cryptography;
using Ambient.Testing.Transport;

namespace Ambient.InProcessTests.Hbone;

/// <summary>Whole transfers over ordinary sockets, bounded in time.</summary>
internal static class Bytes
{
    public static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, limit.Token)..];
        }
    }

    /// <summary>Sends and half-closes.</summary>
    public static async Task SendAndEndAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        await socket.SendAllAsync(bytes);
        socket.Shutdown(SocketShutdown.Send);
    }

    public static async Task<byte[]> ReceiveAsync(this Socket socket, int length)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        byte[] bytes = new byte[length];
        for (int received = 0; received < length;)
        {
            int count = await socket.ReceiveAsync(bytes.AsMemory(received), SocketFlags.None, limit.Token);
            if (count == 0)
            {
                throw new EndOfStreamException($"ended after {received} of {length} bytes");
            }

            received += count;
        }

        return bytes;
    }

    public static async Task<byte[]> ReceiveToEndAsync(this Socket socket)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        var bytes = new MemoryStream();
        byte[] buffer = new byte[256 * 1024];
        while (await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token) is var count and > 0)
        {
            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads to the end; how many bytes, and their hash.</summary>
    public static async Task<(long Length, string Hash)> HashToEndAsync(this Socket socket)
    {
        using var limit = new CancellationTokenSource(LoopRig.Limit);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[256 * 1024];
        long length = 0;
        while (await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token) is var count and > 0)
        {
            hash.AppendData(buffer, 0, count);
            length += count;
        }

        return (length, Convert.ToHexString(hash.GetHashAndReset()));
    }

    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    /// <summary>True when the connection was reset, false when it ended in order.</summary>
    public static async Task<bool> IsResetAsync(this Socket socket)
    {
        try
        {
            await socket.ReceiveToEndAsync();
            return false;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
