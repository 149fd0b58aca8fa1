using System.Runtime.CompilerServices;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.UnitTests.Transport;

public sealed class SocketSlotsTests
{
    [Fact]
    public void A_stale_token_does_not_find_the_next_user_of_its_slot()
    {
        var slots = new SocketSlots();
        LoopSocket first = NewSocket();
        ulong stale = slots.Add(first);
        Assert.Same(first, slots.Find(stale));
        slots.Remove(stale);
        Assert.Null(slots.Find(stale));

        LoopSocket second = NewSocket();
        ulong fresh = slots.Add(second);
        Assert.Equal((uint)stale, (uint)fresh);
        Assert.Null(slots.Find(stale));
        Assert.Same(second, slots.Find(fresh));
    }

    [Fact]
    public void The_token_of_the_eventfd_finds_nothing()
    {
        var slots = new SocketSlots();
        slots.Add(NewSocket());

        Assert.Null(slots.Find(EpollSet.WakeToken));
    }

    [Fact]
    public void Removing_twice_is_refused_and_counts_once()
    {
        var slots = new SocketSlots();
        slots.Add(NewSocket());
        ulong token = slots.Add(NewSocket());
        slots.Remove(token);

        Assert.Throws<InvalidOperationException>(() => slots.Remove(token));
        Assert.Equal(1, slots.Count);
    }

    [Fact]
    public void Grows_and_lists_what_is_registered()
    {
        var slots = new SocketSlots();
        List<ulong> tokens = Enumerable.Range(0, 1000).Select(_ => slots.Add(NewSocket())).ToList();
        Assert.Equal(1000, tokens.Distinct().Count());
        foreach (ulong token in tokens.Where(static (_, index) => index % 2 == 0))
        {
            slots.Remove(token);
        }

        Assert.Equal(500, slots.Count);
        Assert.Equal(500, slots.ToList().Count);
    }

    /// <summary>The slots never look into a socket.</summary>
    private static LoopSocket NewSocket() => (LoopSocket)RuntimeHelpers.GetUninitializedObject(typeof(LoopSocket));
}
