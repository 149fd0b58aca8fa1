using Ambient.Transport.Copying;

namespace Ambient.UnitTests.Transport;

public sealed class LoopBufferPoolTests
{
    [Theory]
    [InlineData(1, LoopBufferPool.SmallBytes)]
    [InlineData(LoopBufferPool.SmallBytes, LoopBufferPool.SmallBytes)]
    [InlineData(LoopBufferPool.SmallBytes + 1, LoopBufferPool.MediumBytes)]
    [InlineData(LoopBufferPool.MediumBytes + 1, LoopBufferPool.LargeBytes)]
    [InlineData(LoopBufferPool.LargeBytes, LoopBufferPool.LargeBytes)]
    public void Rents_the_smallest_size_that_fits(int minimum, int capacity)
    {
        using var pool = new LoopBufferPool();
        using LoopBuffer buffer = pool.Rent(minimum, "test");

        Assert.Equal(capacity, buffer.Capacity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(LoopBufferPool.LargeBytes + 1)]
    public void Refuses_a_size_that_it_does_not_have(int minimum)
    {
        using var pool = new LoopBufferPool();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(minimum, "test"));
    }

    [Fact]
    public void Names_the_owner_of_a_buffer_that_was_not_given_back()
    {
        using var pool = new LoopBufferPool();
        using LoopBuffer returned = pool.Rent(10, "tidy");
        using LoopBuffer leaked = pool.Rent(10, "careless");
        returned.Dispose();

        Assert.Equal(1, pool.Outstanding);
        Assert.Equal(["careless"], pool.OutstandingOwners);
    }

    [Fact]
    public unsafe void Gives_a_buffer_to_one_owner_at_a_time_even_when_returned_twice()
    {
        using var pool = new LoopBufferPool();
        LoopBuffer first = pool.Rent(10, "test");
        first.Dispose();
        first.Dispose();
        using LoopBuffer second = pool.Rent(10, "test");
        using LoopBuffer third = pool.Rent(10, "test");

        Assert.True(second.Start != third.Start);
    }

    [Fact]
    public void Takes_buffers_back_after_it_was_disposed()
    {
        var pool = new LoopBufferPool();
        LoopBuffer buffer = pool.Rent(10, "test");
        pool.Dispose();
        buffer.Dispose();

        Assert.Equal(0, pool.Outstanding);
        Assert.Throws<ObjectDisposedException>(() => pool.Rent(10, "test"));
    }
}
