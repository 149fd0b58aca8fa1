using Ambient.Hbone.Tunnels;
using Ambient.Transport.Copying;
using Ambient.Transport.Sockets;

namespace Ambient.UnitTests.Hbone;

public sealed unsafe class ReceiveQueueTests : IDisposable
{
    private readonly LoopBufferPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Gives_back_what_was_appended_however_it_is_cut_and_kept()
    {
        const int Rounds = 2_000;
        var random = new Random(20_240_711);
        byte[] source = new byte[1 << 20];
        random.NextBytes(source);
        ReceiveQueue queue = default;
        int appended = 0;
        int consumed = 0;
        fixed (byte* start = source)
        {
            for (int round = 0; round < Rounds; round++)
            {
                int batch = random.Next(1, 40);
                for (int i = 0; i < batch; i++)
                {
                    int length = Math.Min(random.Next(3_000), source.Length - appended);
                    queue.Append(start + appended, length);
                    appended += length;
                }

                int take = random.Next(queue.Length + 1);
                AssertHolds(ref queue, source, consumed);
                queue.Consume(take);
                consumed += take;
                queue.KeepSegments(_pool);
                AssertHolds(ref queue, source, consumed);
                Assert.Equal(appended - consumed, queue.Length);
                Assert.InRange(_pool.OutstandingBytes, queue.Length, queue.Length + (2 * LoopBufferPool.LargeBytes));
                if (consumed == source.Length)
                {
                    appended = consumed = 0;
                }
            }
        }

        queue.Clear();
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    public void Kept_bytes_survive_the_reuse_of_the_buffer_they_came_in()
    {
        byte[] buffer = [1, 2, 3, 4];
        ReceiveQueue queue = default;
        fixed (byte* start = buffer)
        {
            queue.Append(start, 4);
            queue.KeepSegments(_pool);
            new Span<byte>(start, 4).Clear();
            AssertHolds(ref queue, [1, 2, 3, 4], 0);
        }

        queue.Consume(4);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Refuses_to_give_back_more_than_there_is()
    {
        ReceiveQueue queue = default;

        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Consume(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Consume(-1));
    }

    private static void AssertHolds(ref ReceiveQueue queue, byte[] source, int from)
    {
        Span<IoVector> vectors = stackalloc IoVector[512];
        int count = queue.Peek(vectors);
        int length = 0;
        foreach (IoVector vector in vectors[..count])
        {
            Assert.True(new ReadOnlySpan<byte>(vector.Start, (int)vector.Length).SequenceEqual(source.AsSpan(from + length, (int)vector.Length)));
            length += (int)vector.Length;
        }

        Assert.True(length == queue.Length || count == vectors.Length);
    }
}
