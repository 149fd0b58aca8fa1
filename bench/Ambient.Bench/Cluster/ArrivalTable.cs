using System.Diagnostics;

namespace Ambient.Bench.Cluster;

/// <summary>When each change came to each node. A node writes its own column alone.</summary>
internal sealed class ArrivalTable
{
    private readonly int _nodes;
    private readonly Dictionary<int, int> _changeOf;
    private readonly long[] _arrivals;
    private long _missing;

    /// <param name="pods">The numbers of the pods that change, each once, in the order of the changes.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public ArrivalTable(IReadOnlyList<int> pods, int nodes)
    {
        _nodes = nodes;
        _changeOf = pods.Select((pod, change) => (pod, change)).ToDictionary(pair => pair.pod, pair => pair.change);
        _arrivals = new long[pods.Count * nodes];
        _missing = _arrivals.Length;
    }

    /// <summary>Arrivals that are still to come.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    public void Arrived(int pod, int node)
    {
        if (_changeOf.TryGetValue(pod, out int change) && _arrivals[(change * _nodes) + node] == 0)
        {
            _arrivals[(change * _nodes) + node] = Stopwatch.GetTimestamp();
            Interlocked.Decrement(ref _missing);
        }
    }

    /// <summary>When the last node got a change, as a timestamp; only once none is missing.</summary>
    public long LastOf(int change)
    {
        long last = 0;
        foreach (long arrival in _arrivals.AsSpan(change * _nodes, _nodes))
        {
            last = Math.Max(last, arrival);
        }

        return last;
    }
}
