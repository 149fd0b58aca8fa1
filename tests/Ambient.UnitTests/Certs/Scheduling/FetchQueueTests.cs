using Ambient.Certs.Scheduling;

namespace Ambient.UnitTests.Certs.Scheduling;

/// <summary>node-proxy 5.5 and 11.9 (test_priority, test_warmup_*, test_concurrency): whose turn it is.</summary>
public sealed class FetchQueueTests
{
    [Fact]
    public void Admits_as_many_as_allowed_and_one_more_for_each_that_leaves()
    {
        var queue = new FetchQueue(2);
        FetchTicket[] tickets = [.. Enumerable.Range(0, 4).Select(_ => queue.Enter(FetchPriority.Background))];
        Assert.Equal([true, true, false, false], tickets.Select(IsAdmitted));

        queue.Leave(tickets[1]);

        Assert.Equal([true, true, true, false], tickets.Select(IsAdmitted));
    }

    [Fact]
    public void Goes_by_priority_and_then_by_arrival()
    {
        var queue = new FetchQueue(1);
        FetchTicket running = queue.Enter(FetchPriority.Background);
        FetchPriority[] arrivals =
        [
            FetchPriority.Background, FetchPriority.Warmup, FetchPriority.RealTime, FetchPriority.Warmup, FetchPriority.RealTime, FetchPriority.Background,
        ];
        List<FetchTicket> waiting = [.. arrivals.Select(queue.Enter)];

        Assert.Equal([2, 4, 1, 3, 0, 5], Order(queue, running, waiting));
    }

    [Fact]
    public void A_waiting_ticket_can_be_raised_and_not_lowered()
    {
        var queue = new FetchQueue(1);
        FetchTicket running = queue.Enter(FetchPriority.Background);
        List<FetchTicket> waiting = [.. new[] { FetchPriority.RealTime, FetchPriority.Warmup, FetchPriority.Background }.Select(queue.Enter)];
        queue.Raise(waiting[2], FetchPriority.RealTime);
        queue.Raise(waiting[0], FetchPriority.Background);

        Assert.Equal([0, 2, 1], Order(queue, running, waiting));
    }

    [Fact]
    public void A_ticket_given_back_while_it_waits_takes_nobodys_turn()
    {
        var queue = new FetchQueue(1);
        FetchTicket running = queue.Enter(FetchPriority.RealTime);
        FetchTicket abandoned = queue.Enter(FetchPriority.RealTime);
        FetchTicket next = queue.Enter(FetchPriority.Background);
        queue.Leave(abandoned);

        queue.Leave(running);

        Assert.Equal((false, true), (IsAdmitted(abandoned), IsAdmitted(next)));
        queue.Leave(next);
        Assert.True(IsAdmitted(queue.Enter(FetchPriority.Background)));
    }

    private static List<int> Order(FetchQueue queue, FetchTicket running, List<FetchTicket> waiting)
    {
        List<int> order = [];
        for (FetchTicket turn = running; order.Count < waiting.Count; turn = waiting[order[^1]])
        {
            queue.Leave(turn);
            order.Add(waiting.FindIndex(ticket => IsAdmitted(ticket) && !order.Contains(waiting.IndexOf(ticket))));
        }

        return order;
    }

    private static bool IsAdmitted(FetchTicket ticket) => ticket.Turn.IsCompleted;
}
