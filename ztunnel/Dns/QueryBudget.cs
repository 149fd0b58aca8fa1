namespace Ambient.Ztunnel.Dns;

/// <summary>How many queries may be under way at once; each has a socket.</summary>
internal sealed class QueryBudget(int limit)
{
    private int _taken;

    public int Limit => limit;

    public int Taken => Volatile.Read(ref _taken);

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
