namespace Ambient.ApiServer.Faults;

/// <summary>Lets requests fail on demand, so that clients can be shown what a real server does on a bad day.</summary>
public sealed class FaultInjector
{
    private const int MaxRules = 100;

    private readonly Lock _lock = new();
    private readonly List<FaultRule> _rules = [];
    private WatchFault _watches = new();

    /// <summary>The rules in force.</summary>
    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_lock)
            {
                return [.. _rules];
            }
        }
    }

    /// <summary>Lets requests fail until the rule is taken back, or its count is used up.</summary>
    /// <exception cref="ApiException">429: there are too many rules.</exception>
    public void Add(FaultRule rule)
    {
        lock (_lock)
        {
            if (_rules.Count == MaxRules)
            {
                throw ApiException.TooMany($"there are {MaxRules} fault rules already; DELETE /faults takes them back");
            }

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
    public void CutWatches() => EndWatches(null);

    /// <summary>Ends every watch with the event <c>ERROR</c> and 410: its client must list again.</summary>
    public void ExpireWatches() => EndWatches(ApiException.Expired("too old resource version: a fault was asked for"));

    /// <summary>Ends watches the next time that they are cut.</summary>
    internal WatchFault NextCut
    {
        get
        {
            lock (_lock)
            {
                return _watches;
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

    private void EndWatches(ApiException? error)
    {
        WatchFault ended;
        lock (_lock)
        {
            ended = _watches;
            _watches = new WatchFault();
        }

        ended.End(error);
    }
}
