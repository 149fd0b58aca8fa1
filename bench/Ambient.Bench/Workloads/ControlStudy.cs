using System.Globalization;
using System.Net;
using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;

namespace Ambient.Bench.Workloads;

/// <summary>
/// W9: a mesh of a control plane. How long a ztunnel takes to load it, what it weighs then, and what a thousand updates a second do to the
/// p99 of 32 HTTP connections. Ours alone: no other pair here has a control plane.
/// </summary>
internal sealed class ControlStudy(BenchRig rig, Action<string> tell)
{
    public const string Id = "w9-control";
    public const int Workloads = 200_000;
    public const int QuickWorkloads = 20_000;
    private const int UpdatesPerSecond = 1000;
    private const int Pairs = 5;
    private const int Port = 23_000;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LoadPatience = TimeSpan.FromSeconds(60);

    public static WorkloadSpec Spec { get; } = new(Id, "W9 load of the mesh", FigureName.LoadSeconds, "s", false, "load");

    public async Task<VisitRecord> VisitAsync(SystemCatalog catalog, int workloads, Func<ISystemPair, Task> waitUntilReady)
    {
        AmbientPair pair = catalog.WithControlPlane(new IPEndPoint(IPAddress.Loopback, Port));
        RigProcess plane = rig.Start(new ProcessPlan(
            "control-plane",
            rig.Network.ClientNamespace,
            ProcessRole.Load,
            ["nice", "-n", "19", Program(), $"{pair.ControlPlane}", catalog.ControlPlaneCertificate, Text(workloads), $"{pair.ClientPod}", $"{pair.ServerPod}"],
            UsesPipes: true));
        try
        {
            await ExpectAsync(plane, "serving");
            await pair.StartAsync(rig);
            string[] loaded = await ExpectAsync(plane, "loaded");
            Dictionary<string, double> figures = new() { [FigureName.LoadSeconds] = double.Parse(loaded[1], CultureInfo.InvariantCulture) / 1000 };
            tell($"{Id}: {workloads} workloads, {long.Parse(loaded[2], CultureInfo.InvariantCulture) / 1_000_000} MB loaded in {figures[FigureName.LoadSeconds]:F2} s");
            figures[FigureName.LoadCpuSeconds] = pair.ClientSide!.CpuSeconds();
            await waitUntilReady(pair);
            ProcessMemory memory = pair.ClientSide.Memory();
            figures[FigureName.LoadedResident] = memory.ResidentBytes / 1e6;
            figures[FigureName.LoadedProportional] = memory.ProportionalBytes / 1e6;
            long errors = await MeasureChurnAsync(pair, plane, figures);
            figures[FigureName.PeakResident] = PeakResident(pair.ClientSide.Id) / 1e6;
            return new VisitRecord(pair.Name, figures, errors, errors == 0 ? "" : "wrk counted failed requests");
        }
        finally
        {
            await pair.StopAsync(rig);
            await rig.StopAsync(plane);
        }
    }

    /// <summary>Slices with and without churn in turn, so that a drift of the machine falls on both.</summary>
    private async Task<long> MeasureChurnAsync(AmbientPair pair, RigProcess plane, Dictionary<string, double> figures)
    {
        HttpWorkload http = new(rig, Id, connections: 32);
        await http.VisitAsync(pair, Slice);
        List<double> quiet = [];
        List<double> churning = [];
        List<double> ratios = [];
        List<double> rates = [];
        List<double> cpus = [];
        long errors = 0;
        for (int round = 0; round < Pairs; round++)
        {
            VisitResult without = await http.VisitAsync(pair, Slice);
            await plane.Input.WriteLineAsync($"churn {UpdatesPerSecond} {Slice.TotalSeconds + 1}");
            await plane.Input.FlushAsync();
            double cpuBefore = pair.ClientSide!.CpuSeconds();
            VisitResult with = await http.VisitAsync(pair, Slice);
            cpus.Add((pair.ClientSide.CpuSeconds() - cpuBefore) / Slice.TotalSeconds);
            string[] churned = await ExpectAsync(plane, "churned");
            errors += without.Errors + with.Errors;
            quiet.Add(without.Figures[FigureName.P99]);
            churning.Add(with.Figures[FigureName.P99]);
            ratios.Add(churning[^1] / quiet[^1]);
            rates.Add(1000 * double.Parse(churned[1], CultureInfo.InvariantCulture) / double.Parse(churned[2], CultureInfo.InvariantCulture));
        }

        figures[FigureName.P99] = Median(quiet);
        figures[FigureName.ChurnP99] = Median(churning);
        figures[FigureName.ChurnEffect] = Median(ratios);
        figures[FigureName.UpdatesPerSecond] = Median(rates);
        figures[FigureName.ChurnCpus] = Median(cpus);
        return errors;
    }

    private static async Task<string[]> ExpectAsync(RigProcess plane, string word)
    {
        using CancellationTokenSource limit = new(LoadPatience);
        string? line = await plane.Output.ReadLineAsync(limit.Token);
        string[] words = line?.Split(' ') ?? [];
        return words.Length > 0 && words[0] == word
            ? words
            : throw new InvalidOperationException($"the control plane said '{line}' instead of '{word}'");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long PeakResident(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    // Built beside the harness, in a folder of its own.
    private static string Program() =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Ambient.MeshGenerator", "release", "ambient-mesh"));
}
