using System.Net.Sockets;
using Ambient.Transport.Sockets;

namespace Ambient.InProcessTests.Transport;

public sealed class LoopSocketVectorTests
{
    [Fact]
    public async Task Gathers_and_scatters_vectors_in_order()
    {
        await LoopSocketTests.WithPairAsync("::1", async (own, peer) =>
        {
            Assert.Equal(6, WriteV(own, "ab"u8.ToArray(), [], "cdef"u8.ToArray()).Bytes);
            byte[] received = new byte[6];
            await new NetworkStream(peer).ReadExactlyAsync(received);
            Assert.Equal("abcdef"u8.ToArray(), received);

            await peer.SendAsync("uvwxyz"u8.ToArray());
            while (true)
            {
                await own.WaitReadableAsync();
                byte[] first = new byte[1];
                byte[] second = new byte[10];
                IoResult read = ReadV(own, first, second);
                if (!read.IsWouldBlock)
                {
                    Assert.Equal(6, read.Bytes);
                    Assert.Equal("u"u8.ToArray(), first);
                    Assert.Equal("vwxyz"u8.ToArray(), second[..5]);
                    return;
                }
            }
        });
    }

    private static unsafe IoResult WriteV(LoopSocket socket, byte[] first, byte[] second, byte[] third)
    {
        fixed (byte* a = first, b = second, c = third)
        {
            return socket.WriteV([new IoVector(a, first.Length), new IoVector(b, second.Length), new IoVector(c, third.Length)]);
        }
    }

    private static unsafe IoResult ReadV(LoopSocket socket, byte[] first, byte[] second)
    {
        fixed (byte* a = first, b = second)
        {
            return socket.ReadV([new IoVector(a, first.Length), new IoVector(b, second.Length)]);
        }
    }
}
