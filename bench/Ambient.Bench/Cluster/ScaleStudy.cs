using System.Diagnostics;
using System.Globalization;

namespace Ambient.Bench.Cluster;

/// <summary>C2: a start with 200,000 pods and 20,000 services: how long until a node has everything, and what the control plane weighs then.</summary>
internal sealed class ScaleStudy(string controlPlaneProgram, Action<string> tell)
{
    public const string Id = "c2-scale";

    private const int Pods = 200_000;
    private const int Services = 20_000;
    private const int Nodes = 1000;
    private const int Connected = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Until what a start leaves behind was collected.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ClusterFigure>> RunAsync(CancellationToken cancellation)
    {
        await using ClusterPrograms programs = await ClusterPrograms.StartAsync(controlPlaneProgram, Pods, Services, Nodes);
        tell($"{Id}: the API server holds {Pods} pods and {Services} services");
        long began = Stopwatch.GetTimestamp();
        programs.StartControlPlane();
        await using Fleet fleet = new(Connected, programs.Discovery);
        int resources = await fleet.FirstLoadedAsync(Patience);
        double first = Stopwatch.GetElapsedTime(began).TotalSeconds;
        tell(string.Create(CultureInfo.InvariantCulture, $"{Id}: a node has {resources} resources after {first:F1} s"));
        await fleet.LoadedAsync(Patience);
        double cpu = programs.CpuSeconds;
        await Task.Delay(Rest, cancellation);
        fleet.EnsureConnected();
        return
        [
            new ClusterFigure(Id, "first_push_s", first, Limit: 30),
            new ClusterFigure(Id, "start_cpu_s", cpu),
            new ClusterFigure(Id, "resources", resources),
            new ClusterFigure(Id, "rss_mb", programs.Memory.ResidentBytes / 1e6),
            new ClusterFigure(Id, "peak_rss_mb", programs.PeakBytes / 1e6, Limit: 2000),
        ];
    }
}
