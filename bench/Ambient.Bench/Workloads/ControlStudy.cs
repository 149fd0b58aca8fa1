using System.Globalization;
using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;

namespace Ambient.Bench.Workloads;

/// <summary>
/// W9: a mesh of a control plane. How long a ztunnel takes to load it, what it weighs then, what a lookup in it costs, and what a thousand updates a
/// second do to the p99 of 32 HTTP connections. Ours alone: no other pair here has a control plane.
/// </summary>
internal sealed class ControlStudy(BenchRig rig, BlockRules rules, Action<string> tell)
{
    public const string Id = "w9-control";
    public const int Workloads = 200_000;
    public const int Services = Workloads / 10;

    public static WorkloadSpec Spec { get; } = new(Id, "W9 load of the mesh", FigureName.LoadSeconds, "s", false, "load");

    public async Task<VisitRecord> VisitAsync(SystemCatalog catalog, Func<ISystemPair, Task> waitUntilReady)
    {
        Dictionary<string, double> figures = new() { [FigureName.LookupNanoseconds] = AddressLookup.MedianNanoseconds(Services) };
        MeshPlane plane = await catalog.StartControlPlaneAsync(rig, Workloads);
        MeshedAmbientPair pair = catalog.WithControlPlane(plane);
        try
        {
            await pair.StartAsync(rig);
            double[] loaded = await plane.ExpectAsync("loaded");
            figures[FigureName.LoadSeconds] = loaded[0] / 1000;
            figures[FigureName.LoadCpuSeconds] = pair.ClientSide!.CpuSeconds();
            tell(string.Create(CultureInfo.InvariantCulture, $"{Id}: {Workloads} workloads, {loaded[1] / 1e6:F0} MB loaded in {loaded[0] / 1000:F2} s"));
            await waitUntilReady(pair);
            ProcessMemory memory = pair.ClientSide.Memory();
            figures[FigureName.LoadedResident] = memory.ResidentBytes / 1e6;
            figures[FigureName.LoadedProportional] = memory.ProportionalBytes / 1e6;
            long errors = await new ChurnStudy(rig, pair, plane, rules, tell).MeasureAsync(figures);
            figures[FigureName.PeakResident] = PeakResident(pair.ClientSide.Id) / 1e6;
            return new VisitRecord(pair.Name, figures, errors, errors == 0 ? "" : "wrk counted failed requests");
        }
        finally
        {
            await pair.StopAsync(rig);
            await plane.StopAsync(rig);
        }
    }

    private static long PeakResident(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
