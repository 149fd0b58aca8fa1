using Ambient.Transport.Loops;

namespace Ambient.UnitTests.Transport;

public sealed class MailboxTests
{
    private int _wakes;

    [Fact]
    public void Wakes_the_loop_once_until_it_has_looked()
    {
        Mailbox mailbox = NewMailbox();
        mailbox.Add(Item(1), fromLoop: false);
        mailbox.Add(Item(2), fromLoop: false);
        Assert.Equal(1, _wakes);

        Assert.Equal([1, 2], mailbox.TakeAll().Select(static item => (int)item.State!));
        mailbox.Add(Item(3), fromLoop: false);
        Assert.Equal(2, _wakes);
    }

    [Fact]
    public void The_loop_itself_is_not_woken()
    {
        Mailbox mailbox = NewMailbox();
        mailbox.Add(Item(1), fromLoop: true);

        Assert.Equal(0, _wakes);
        Assert.False(mailbox.IsEmpty);
    }

    [Fact]
    public void Drops_what_comes_after_it_was_closed_and_wakes_nobody()
    {
        Mailbox mailbox = NewMailbox();
        mailbox.Add(Item(1), fromLoop: true);
        mailbox.Close();
        mailbox.Add(Item(2), fromLoop: false);

        Assert.Single(mailbox.TakeAll());
        Assert.Equal(0, _wakes);
    }

    private static LoopCallback Item(int number) => new((Action<object?>)(static _ => { }), number);

    private Mailbox NewMailbox() => new(() => _wakes++);
}
