using System.Globalization;
using System.Runtime.InteropServices;
using Ambient.Bench.Systems;
using Ambient.Bench.Workloads;

namespace Ambient.Bench.Options;

/// <summary>Reads the command line; every fault is reported, not only the first.</summary>
internal sealed class BenchOptionsParser(string repositoryRoot)
{
    public const string Usage = """
        ambient-bench: our tunnel against direct TCP, haproxy and nginx, in one run, block by block. Needs root.

          --quick               under 4 minutes: one suite, core workloads, 3 blocks (W5 and W8: 1)
          --json PATH           also write the figures as {"workload": {"system": {...}}}
          --systems A,B         of: direct haproxy-plain ours ours-again haproxy-mtls nginx-mtls, and ours-lean
          --workloads A,B       ids or beginnings of ids: w1-1 w1-8 w1r-1 w1r-8 w2-http-1 w2-echo-1 w3-http-32 w4-1 w4-32 w5-1 w5-32 w7-idle w8-slow-reader w9-control c1-propagation c2-scale c3-proportional
          --suites A,B          aes128 aes256, a table for each
          --placement P         pinned (generator on CPU 0, proxies on CPU 1) or free
          --blocks N            accepted blocks per workload        --seconds N   of each visit
          --connections N       idle connections of W7              --seed N      of the order of visits
          --ztunnel PATH        the program to measure              --results DIR where the dated report goes
          --control-plane PATH  the program that C1 and C2 measure
          --keep-rejected       count blocks that the rejection rules refuse; the report is then marked as noise
          --no-keep-awake       let CPUs halt during the latency workloads
        """;

    /// <summary>Under the promised four minutes by what it takes to stop the rig and to write the report.</summary>
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(225);

    private readonly List<string> _faults = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);

    private static readonly string[] ValueNames =
        ["json", "systems", "workloads", "suites", "placement", "blocks", "seconds", "connections", "seed", "ztunnel", "control-plane", "results"];

    private static readonly string[] FlagNames = ["quick", "help", "keep-rejected", "no-keep-awake"];

    /// <summary>The options, and what is wrong with them.</summary>
    public (BenchOptions Options, IReadOnlyList<string> Faults) Parse(IReadOnlyList<string> arguments)
    {
        Collect(arguments);
        bool quick = _flags.Contains("quick");
        BenchOptions options = new()
        {
            Quick = quick,
            ShowHelp = _flags.Contains("help"),
            JsonPath = _values.GetValueOrDefault("json"),
            Systems = Choose("systems", SystemName.All, name => name, SystemName.Known),
            Workloads = Choose("workloads", quick ? WorkloadCatalog.QuickIds : WorkloadCatalog.Ids, id => id),
            Suites = Choose("suites", quick ? [TlsSuite.Aes128] : TlsSuite.All, suite => suite.Id, TlsSuite.All),
            Placement = ReadPlacement(),
            HasOwnBlocks = _values.ContainsKey("blocks"),
            Blocks = Number("blocks", quick ? 3 : 12, 1, 1000),
            SecondsPerVisit = Number("seconds", quick ? 1 : 2, 1, 60),
            IdleConnections = Number("connections", quick ? 2000 : 10_000, 100, 30_000),
            Seed = Number("seed", 1, 0, int.MaxValue),
            KeepsRejected = _flags.Contains("keep-rejected"),
            KeepsCpusAwake = !_flags.Contains("no-keep-awake"),
            Ztunnel = _values.GetValueOrDefault("ztunnel") ?? Path.Combine(repositoryRoot, $"artifacts/publish/Ambient.Ztunnel/release_linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}/ztunnel"),
            ControlPlane = _values.GetValueOrDefault("control-plane") ?? Path.Combine(repositoryRoot, "artifacts/bin/Ambient.ControlPlane/release/control-plane"),
            ResultsFolder = _values.GetValueOrDefault("results") ?? Path.Combine(repositoryRoot, "bench/results"),
            TimeBudget = quick ? QuickLimit : TimeSpan.FromHours(6),
        };
        return (options, _faults);
    }

    private void Collect(IReadOnlyList<string> arguments)
    {
        for (int index = 0; index < arguments.Count; index++)
        {
            string name = arguments[index] is "-h" ? "help" : arguments[index].StartsWith("--", StringComparison.Ordinal) ? arguments[index][2..] : "";
            if (FlagNames.Contains(name))
            {
                _flags.Add(name);
            }
            else if (!ValueNames.Contains(name))
            {
                _faults.Add($"unknown argument {arguments[index]}");
            }
            else if (index + 1 == arguments.Count)
            {
                _faults.Add($"--{name} needs a value");
            }
            else
            {
                _values[name] = arguments[++index];
            }
        }
    }

    private List<T> Choose<T>(string option, IReadOnlyList<T> preset, Func<T, string> id, IReadOnlyList<T>? all = null)
    {
        if (!_values.TryGetValue(option, out string? text))
        {
            return [.. preset];
        }

        all ??= typeof(T) == typeof(string) && option == "workloads" ? (IReadOnlyList<T>)WorkloadCatalog.Ids : preset;
        string[] wanted = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string unknown in wanted.Where(part => !all.Any(item => Matches(id(item), part))))
        {
            _faults.Add($"--{option}: {unknown} is none of {string.Join(' ', all.Select(id))}");
        }

        return [.. all.Where(item => wanted.Any(part => Matches(id(item), part)))];

        bool Matches(string candidate, string part) =>
            candidate == part || (option == "workloads" && candidate.StartsWith(part, StringComparison.Ordinal) && !all.Any(item => id(item) == part));
    }

    private Placement ReadPlacement()
    {
        switch (_values.GetValueOrDefault("placement", "pinned"))
        {
            case "pinned":
                return Placement.Pinned;
            case "free":
                return Placement.Free;
            default:
                _faults.Add("--placement is pinned or free");
                return Placement.Pinned;
        }
    }

    private int Number(string option, int preset, int least, int most)
    {
        if (!_values.TryGetValue(option, out string? text))
        {
            return preset;
        }

        if (int.TryParse(text, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        _faults.Add(option == "blocks" && text == "0" ? "--blocks 0 measures nothing" : $"--{option} is a number from {least} to {most}");
        return preset;
    }
}
