namespace Ambient.Ztunnel.Dns;

/// <summary>Queries that wait for something, or connections that are open: bounded, and waited for at the end.</summary>
internal sealed class UnderWay(int limit)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One more than there are, until <see cref="EndAsync"/>.</summary>
    private int _count = 1;

    public int Count => Volatile.Read(ref _count) - 1;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= limit + 1)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Completes once none is under way; call once, when no more begin.</summary>
    public Task EndAsync()
    {
        Leave();
        return _ended.Task;
    }
}
