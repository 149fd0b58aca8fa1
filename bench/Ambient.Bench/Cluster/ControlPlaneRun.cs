using System.Globalization;
using Ambient.Bench.Footing;
using Ambient.Bench.Report;

namespace Ambient.Bench.Cluster;

/// <summary>The workloads of the control plane, one after the other. They compare nothing: each figure is told, and some have a limit.</summary>
internal sealed class ControlPlaneRun(string controlPlaneProgram, Action<string> tell)
{
    public static IReadOnlyList<string> Ids { get; } = [PropagationStudy.Id, ScaleStudy.Id, ProportionStudy.Id];

    /// <exception cref="UnequalFootingException">The control plane is a debug build.</exception>
    public async Task<IReadOnlyList<ClusterFigure>> RunAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        BuildCheck.EnsureRelease(Path.GetDirectoryName(controlPlaneProgram)!);
        List<ClusterFigure> figures = [];
        foreach (string id in ids)
        {
            figures.AddRange(id switch
            {
                PropagationStudy.Id => await new PropagationStudy(controlPlaneProgram, tell).RunAsync(cancellation),
                ScaleStudy.Id => await new ScaleStudy(controlPlaneProgram, tell).RunAsync(cancellation),
                _ => new ProportionStudy(tell).Run(cancellation),
            });
        }

        return figures;
    }

    public static string Write(IReadOnlyList<ClusterFigure> figures)
    {
        TextTable table = new("control plane", "figure", "value", "limit", "");
        foreach (ClusterFigure figure in figures)
        {
            string limit = figure.Limit is { } most ? string.Create(CultureInfo.InvariantCulture, $"<= {most:G6}") : "";
            string verdict = figure.Limit is null ? "" : figure.IsMissed ? "MISSED" : "met";
            table.Add(figure.Workload, figure.Name, figure.Value.ToString("F2", CultureInfo.InvariantCulture), limit, verdict);
        }

        return table.ToString();
    }
}
