using Ambient.Xds;

namespace Ambient.ControlPlane.Telemetry;

/// <summary>What goes to the proxies and what they say to it, under istiod's names.</summary>
public sealed class DiscoveryMetrics(TimeProvider time)
{
    /// <summary>Changes whose way to the proxies is timed at once; a proxy that is further behind is not slow but away.</summary>
    private const int TimedChanges = 256;

    private static readonly double[] ConvergenceBounds = [.1, .5, 1, 3, 5, 10, 20, 30];

    private readonly Lock _lock = new();
    private readonly Queue<(string TypeUrl, long Sequence, long FirstAt)> _changes = new();
    private readonly CounterFamily _pushes = new("pilot_xds_pushes", "Responses sent to proxies, by type.");
    private readonly CounterFamily _rejects = new("pilot_total_xds_rejects", "Responses that a proxy refused, by type.");
    private readonly HistogramFamily _convergence = new(
        "pilot_proxy_convergence_time", "Delay in seconds between a change and a proxy having accepted it.", ConvergenceBounds);

    public IEnumerable<IMetricFamily> Families => [_pushes, _rejects, _convergence];

    /// <summary>Says that a change was published, to time its way.</summary>
    /// <param name="typeUrl">Its type.</param>
    /// <param name="sequence">Its place.</param>
    /// <param name="firstAt">When it came, as a timestamp of the clock.</param>
    public void Published(string typeUrl, long sequence, long firstAt)
    {
        lock (_lock)
        {
            if (_changes.Count == TimedChanges)
            {
                _changes.Dequeue();
            }

            _changes.Enqueue((typeUrl, sequence, firstAt));
        }
    }

    public void Pushed(string typeUrl) => _pushes.Add(TypeLabel(typeUrl));

    public void Accepted(string typeUrl, long before, long now)
    {
        // What a proxy is given first was not waited for.
        if (before == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach ((_, _, long firstAt) in _changes.Where(change => change.TypeUrl == typeUrl && change.Sequence > before && change.Sequence <= now))
            {
                _convergence.Observe(time.GetElapsedTime(firstAt));
            }
        }
    }

    public void Refused(string typeUrl) => _rejects.Add(TypeLabel(typeUrl));

    /// <summary>The short names that istiod uses.</summary>
    private static string TypeLabel(string typeUrl) => PrometheusText.Labels(("type", typeUrl == XdsTypes.Authorization ? "wads" : "wds"));
}
