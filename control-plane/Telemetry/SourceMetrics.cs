using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Telemetry;

/// <summary>What comes from the API server, under istiod's names.</summary>
public sealed class SourceMetrics
{
    public const string Add = "add";
    public const string Update = "update";
    public const string Delete = "delete";

    private static readonly double[] DebounceBounds = [.01, .1, 1, 3, 5, 10, 20, 30];

    private readonly CounterFamily _registry = new("pilot_k8s_reg_events", "Events from k8s registry.");
    private readonly CounterFamily _configuration = new("pilot_k8s_cfg_events", "Events from k8s config.");
    private readonly CounterFamily _failures = new("ambient_watch_failures", "Lists and watches that failed; what was known stays in force.");
    private readonly HistogramFamily _debounce = new(
        "pilot_debounce_time", "Delay in seconds between the first change of a batch and the batch being published.", DebounceBounds);

    public IEnumerable<IMetricFamily> Families => [_registry, _configuration, _failures, _debounce];

    public void Changed(ObjectKind kind, string what)
    {
        CounterFamily family = kind <= ObjectKind.Namespace ? _registry : _configuration;
        family.Add(PrometheusText.Labels(("type", kind.ToString()), ("event", what)));
    }

    public void Failed(string resource) => _failures.Add(PrometheusText.Labels(("resource", resource)));

    public void Published(TimeSpan sinceFirst) => _debounce.Observe(sinceFirst);
}
