using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Ambient.Bench.Options;

namespace Ambient.Bench.Rig;

/// <summary>The two nodes, the folder of files, and every process of the run; disposing it leaves nothing behind.</summary>
internal sealed class BenchRig : IAsyncDisposable
{
    public const int LoadCpu = 0;
    public const int ProxyCpu = 1;

    /// <summary>Joins the given control group (if any), sends its text to the log (if any), and becomes the program: the process id stays.</summary>
    private const string Launcher = """
        if [ -n "$RIG_GROUP" ]; then echo $$ > "$RIG_GROUP"; fi
        if [ -n "$RIG_LOG" ]; then exec >"$RIG_LOG" 2>&1; fi
        unset RIG_GROUP RIG_LOG
        exec "$@"
        """;

    private static readonly string RuntimeRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private readonly string _name = $"{RigNetwork.NamePrefix}{Environment.ProcessId}";
    private readonly CpuGroup? _group;
    private readonly Placement _placement;
    private readonly List<RigProcess> _processes = [];

    private BenchRig(RigNetwork network, Placement placement)
    {
        Network = network;
        _placement = placement;
        _group = CpuGroup.TryCreate(_name);
        Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), _name)).FullName;
    }

    public RigNetwork Network { get; }

    /// <summary>Configuration files, certificates and logs of this run.</summary>
    public string Folder { get; }

    public bool CountsCpuInControlGroups => _group is not null;

    public static async Task<BenchRig> CreateAsync(Placement placement)
    {
        await Leftovers.SweepAsync();
        return new BenchRig(await RigNetwork.CreateAsync(Environment.ProcessId), placement);
    }

    /// <summary>CPU seconds of everything the run has started, and of the harness itself.</summary>
    public double OwnCpuSeconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds + (_group?.Seconds() ?? _processes.Where(process => !process.HasExited).Sum(process => process.CpuSeconds()));
    }

    public string WriteFile(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public RigProcess Start(ProcessPlan plan)
    {
        CpuGroup? group = _group is null ? null : CpuGroup.TryCreate(Path.Combine(_name, plan.Name));
        string log = Path.Combine(Folder, $"{plan.Name}.log");
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardInput = plan.UsesPipes, RedirectStandardOutput = plan.UsesPipes };
        foreach (string argument in (string[])["-c", Launcher, "sh", .. Prefix(plan.NetworkNamespace, plan.Role), .. plan.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in plan.Environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        // Our programs find the runtime that the harness itself runs on.
        start.Environment["DOTNET_ROOT"] = RuntimeRoot;
        start.Environment["RIG_GROUP"] = group?.ProcessesFile ?? "";
        start.Environment["RIG_LOG"] = plan.UsesPipes ? "" : log;
        RigProcess process = new(plan.Name, Process.Start(start)!, group, log);
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs a load program on one of the nodes to its end.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(string networkNamespace, params string[] arguments)
    {
        string joinGroup = _group is null ? "" : $"echo $$ > {_group.ProcessesFile}; ";
        return Command.TryAsync("/bin/sh", ["-c", joinGroup + "exec \"$@\"", "sh", .. Prefix(networkNamespace, ProcessRole.Load), .. arguments]);
    }

    public async Task StopAsync(RigProcess process)
    {
        _processes.Remove(process);
        await process.DisposeAsync();
    }

    /// <summary>Fails, with the end of its log, when a resident program has died.</summary>
    public void EnsureAlive()
    {
        if (_processes.Find(process => process.HasExited) is RigProcess dead)
        {
            throw new InvalidOperationException($"{dead.Name} has ended:\n{dead.LogTail()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RigProcess process in _processes)
        {
            await process.DisposeAsync();
        }

        await Network.DisposeAsync();
        _group?.Remove();
        Directory.Delete(Folder, recursive: true);
    }

    private string[] Prefix(string networkNamespace, ProcessRole role)
    {
        // nsenter rather than "ip netns exec", which would mount a new /sys and hide the control groups.
        string[] enter = ["nsenter", $"--net={RigNetwork.PathOf(networkNamespace)}"];
        int cpu = role == ProcessRole.Load ? LoadCpu : ProxyCpu;
        return _placement == Placement.Pinned ? [.. enter, "taskset", "-c", cpu.ToString(CultureInfo.InvariantCulture)] : enter;
    }
}
