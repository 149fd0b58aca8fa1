using Ambient.ControlPlane.Telemetry;
using Ambient.Kube.Client;
using Ambient.Kube.Leases;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Statuses;

/// <summary>Tells the log and the metrics who writes statuses, and how that goes.</summary>
public sealed class StatusReports(ILogger logger, PendingWrites pending) : IStatusEvents, ILeadershipEvents
{
    private readonly CounterFamily _writes = new("ambient_status_writes", "Writes to the API server about objects, by result.");

    public IEnumerable<IMetricFamily> Families =>
    [
        _writes,
        new GaugeFamily("ambient_status_pending", "Things that wait to be written.", () => pending.Count),
        new GaugeFamily("ambient_status_dropped", "Things that were not taken because too many waited.", () => pending.Dropped),
    ];

    public void Written(StatusWork work)
    {
        _writes.Add(PrometheusText.Labels(("kind", NameOf(work)), ("result", "written")));
        ControlPlaneLog.Wrote(logger, NameOf(work), work.Object.ToString());
    }

    public void Failed(StatusWork work, Exception error, TimeSpan retryIn)
    {
        _writes.Add(PrometheusText.Labels(("kind", NameOf(work)), ("result", "failed")));
        ControlPlaneLog.WriteFailed(logger, NameOf(work), work.Object.ToString(), retryIn, error.Message);
    }

    public void Won() => ControlPlaneLog.Leads(logger);

    public void Lost() => ControlPlaneLog.LeadsNoLonger(logger);

    public void Follows(string holder) => ControlPlaneLog.Follows(logger, holder);

    public void Failed(KubernetesException error) => ControlPlaneLog.LeaseFailed(logger, error.Message);

    private static string NameOf(StatusWork work) => work switch
    {
        StatusWork.Conditions => "conditions",
        StatusWork.Addresses => "addresses",
        _ => "event",
    };
}
