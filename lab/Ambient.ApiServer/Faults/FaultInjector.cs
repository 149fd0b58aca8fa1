namespace Ambient.ApiServer.Faults;

/// <summary>Lets requests fail on demand, so that clients can be shown what a real server does on a bad day.</summary>
public sealed class FaultInjector
{
    private readonly Lock _lock = new();
    private readonly List<FaultRule> _rules = [];
    private CancellationTokenSource _watches = new();

    /// <summary>Lets requests fail until the rule is taken back, or its count is used up.</summary>
    public void Add(FaultRule rule)
    {
        lock (_lock)
        {
            _rules.Add(rule);
        }
    }

    /// <summary>Takes back every rule.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rules.Clear();
        }
    }

    /// <summary>Cuts every watch in the middle, as a broken connection would.</summary>
    public void CutWatches()
    {
        CancellationTokenSource cut;
        lock (_lock)
        {
            cut = _watches;
            _watches = new CancellationTokenSource();
        }

        cut.Cancel();
        cut.Dispose();
    }

    /// <summary>Cancelled when watches are cut the next time.</summary>
    internal CancellationToken NextCut
    {
        get
        {
            lock (_lock)
            {
                return _watches.Token;
            }
        }
    }

    /// <summary>The rule for a request, whose count goes down; null when nothing goes wrong.</summary>
    internal FaultRule? Take(string method, string path)
    {
        lock (_lock)
        {
            FaultRule? rule = _rules.Find(rule => rule.IsFor(method, path));
            if (rule is not null && rule.Use())
            {
                _rules.Remove(rule);
            }

            return rule;
        }
    }
}
