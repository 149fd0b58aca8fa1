using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Programs;
using Ambient.Lab.State;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;

namespace Ambient.Lab.Benchmarking;

/// <summary>
/// Measures an endpoint from a pod of a running lab, enrolled against not enrolled. In each block the pod's redirection is there
/// for one half and taken away for the other; whatever happens, it is put back.
/// </summary>
public sealed class PodBench
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly PodBenchOptions _options;
    private readonly Action<string> _progress;
    private readonly LabDirectory _directory;
    private readonly PodRecord _pod;
    private readonly BenchTarget _target;
    private readonly ZtunnelCpu _cpu;
    private readonly PodProbe _probe;
    private readonly RedirectionPause _pause;
    private bool _isPaused;

    private PodBench(PodBenchOptions options, LabState state, LabDirectory directory, Action<string> progress)
    {
        var programs = new ProgramRunner();
        _options = options;
        _progress = progress;
        _directory = directory;
        _pod = FindPod(state, options.From);
        _target = BenchTarget.Resolve(state, options.To);
        _cpu = new ZtunnelCpu(state, directory);
        _probe = new PodProbe(NamespaceFiles.PathOf(_pod.NetworkNamespace), programs);
        _pause = new RedirectionPause(directory, new PodRedirection(new NftablesRedirector(programs)));
    }

    /// <param name="root">Directory that holds the labs' files.</param>
    /// <param name="progress">Gets a line for each thing done.</param>
    /// <exception cref="LabException">There is nothing to measure, or no block counts.</exception>
    public static async Task<PodBenchReport> RunAsync(PodBenchOptions options, string root, Action<string> progress, CancellationToken cancellationToken)
    {
        options.Check();
        var directory = new LabDirectory(root, options.LabName);
        LabState state = FindLab(directory);
        if (Privileges.FindMissing() is { } missing)
        {
            throw new LabException($"Changing a pod's redirection needs privileges: {missing}.", "Run it as root.");
        }

        RequiredPrograms.Check(RequiredPrograms.OfEveryLab);
        var bench = new PodBench(options, state, directory, progress);
        using FileStream only = ClaimLab(directory);
        return await bench.MeasureAsync(cancellationToken);
    }

    private async Task<PodBenchReport> MeasureAsync(CancellationToken cancellationToken)
    {
        if (await _pause.EndAllAsync() is { Count: > 0 } repaired)
        {
            _progress($"put back the redirection that an interrupted run had taken away: {string.Join(", ", repaired)}");
        }

        var blocks = new List<BenchBlock>();
        int status;
        try
        {
            status = await WarmUpAsync(cancellationToken);
            for (int number = 0; number < _options.Blocks; number++)
            {
                blocks.Add(await MeasureBlockAsync(enrolledFirst: number % 2 != 0, cancellationToken));
                _progress($"block {number + 1} of {_options.Blocks}: {Describe(blocks[^1])}");
            }
        }
        finally
        {
            await _pause.EndAllAsync();
        }

        var report = new PodBenchReport(BuildFacts(status), blocks);
        return report.Accepted.Count > 0
            ? report
            : throw new LabException($"No block counts: {blocks[0].RejectedBecause}.", $"Logs: {_directory.Path}/ztunnel-*.log");
    }

    /// <summary>Also the check that there is an answer, the same with and without the mesh. Leaves the pod not enrolled, as the first block wants it.</summary>
    private async Task<int> WarmUpAsync(CancellationToken cancellationToken)
    {
        _progress($"warming up; {_pod.Name} is taken out of the mesh for half of the time");
        HttpLoadResult enrolled = await WarmUpAsync(
            "enrolled",
            $"Is something listening there? ambientctl lab exec --name {_options.LabName} {_target.Pod?.Name ?? "POD"} -- ss -ltn. The log of its node's ztunnel: {_directory.ZtunnelLog(_pod.Node)}",
            cancellationToken);
        await SetEnrolledAsync(false, cancellationToken);
        HttpLoadResult notEnrolled = await WarmUpAsync(
            "not enrolled", "The endpoint must be reachable in plaintext too: look for a policy that is strict, and for a route.", cancellationToken);
        return enrolled.Status == notEnrolled.Status
            ? enrolled.Status
            : throw new LabException(
                $"{_options.To} answers with HTTP status {enrolled.Status} when {_pod.Name} is enrolled and with {notEnrolled.Status} when it is not: these cannot be compared.",
                "Look at the policies in force.");
    }

    private async Task<HttpLoadResult> WarmUpAsync(string standing, string nextStep, CancellationToken cancellationToken)
    {
        HttpLoadResult result = await _probe.RunAsync(BuildSpec(HttpLoadMode.KeepAlive, WarmUp), cancellationToken);
        return result.Status != 0
            ? result
            : throw new LabException($"Nothing answers HTTP at {DescribeTarget()} from pod {_pod.Name} while it is {standing}: {result.FirstError}.", nextStep);
    }

    private async Task<BenchBlock> MeasureBlockAsync(bool enrolledFirst, CancellationToken cancellationToken)
    {
        BenchHalf first = await MeasureHalfAsync(enrolledFirst, cancellationToken);
        BenchHalf second = await MeasureHalfAsync(!enrolledFirst, cancellationToken);
        return enrolledFirst ? new BenchBlock(first, second) : new BenchBlock(second, first);
    }

    private async Task<BenchHalf> MeasureHalfAsync(bool enrolled, CancellationToken cancellationToken)
    {
        await SetEnrolledAsync(enrolled, cancellationToken);
        return new BenchHalf(await VisitAsync(HttpLoadMode.KeepAlive, cancellationToken), await VisitAsync(HttpLoadMode.NewConnections, cancellationToken));
    }

    private async Task<BenchVisit> VisitAsync(HttpLoadMode mode, CancellationToken cancellationToken)
    {
        double before = _cpu.Seconds();
        HttpLoadResult result = await _probe.RunAsync(BuildSpec(mode, TimeSpan.FromSeconds(_options.Seconds)), cancellationToken);
        return new BenchVisit(result, _cpu.Seconds() - before);
    }

    private async Task SetEnrolledAsync(bool enrolled, CancellationToken cancellationToken)
    {
        if (enrolled && _isPaused)
        {
            await _pause.EndAllAsync();
        }
        else if (!enrolled && !_isPaused)
        {
            await _pause.BeginAsync(_pod, cancellationToken);
        }

        _isPaused = !enrolled;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private HttpLoadSpec BuildSpec(HttpLoadMode mode, TimeSpan duration) =>
        new(_target.EndPoint, mode) { Connections = _options.Connections, Duration = duration };

    private List<(string, string)> BuildFacts(int status)
    {
        List<(string, string)> facts =
        [
            ("from", $"{_pod.Namespace}/{_pod.Name} on {_pod.Node}"),
            ("to", $"{DescribeTarget()}, GET / answers {status}"),
            ("load", $"{_options.Connections} connections: {_options.Seconds} s of requests on open ones, then {_options.Seconds} s (at most {HttpLoadSpec.MaxNewConnections}) of one new connection a request"),
            ("blocks", $"{_options.Blocks}, halves in turn as A B, B A"),
            ("machine", $"Linux {Environment.OSVersion.Version}, {Environment.ProcessorCount} CPUs, TCP {CongestionControl.Choose()}"),
        ];
        if (_target.Pod is { Enrolled: true } server)
        {
            facts.Add(("note", $"{server.Name} stays enrolled: what {_pod.Name} sends in plaintext still enters by the ztunnel of {server.Node}"));
        }

        return facts;
    }

    private string DescribeTarget() => $"{_target.EndPoint}" == _options.To ? _options.To : $"{_options.To} ({_target.EndPoint})";

    private static string Describe(BenchBlock block) => block.RejectedBecause is { } reason
        ? $"rejected, {reason}"
        : $"{FigureFormat.Value(block.Enrolled.Requests.Load.PerSecond)} requests/s enrolled, {FigureFormat.Value(block.NotEnrolled.Requests.Load.PerSecond)} not";

    private static LabState FindLab(LabDirectory directory)
    {
        LabState state = new LabStore(directory).Load()
            ?? throw new LabException($"There is no lab {directory.Name}.", $"Bring it up: ambientctl lab up --name {directory.Name}");
        string renew = $"Bring it up again: ambientctl lab down --name {state.Name}; ambientctl lab up --name {state.Name}";
        return state switch
        {
            { Phase: not LabPhase.Up } => throw new LabException($"Lab {state.Name} is {state.Phase.ToString().ToLowerInvariant()}, not up.", renew),
            _ when !state.Pods.Any(pod => pod.Enrolled) => throw new LabException($"Lab {state.Name} was brought up without the mesh.", renew),
            _ => state,
        };
    }

    private static PodRecord FindPod(LabState state, string name)
    {
        string enrolled = string.Join(", ", state.Pods.Where(pod => pod.Enrolled).Select(pod => pod.Name));
        PodRecord pod = state.FindPod(name) ?? throw new LabException($"There is no pod {name} in lab {state.Name}.", $"Its enrolled pods are {enrolled}.");
        return pod.Enrolled ? pod : throw new LabException($"Pod {name} is not enrolled, so there is nothing to compare.", $"Enrolled are {enrolled}.");
    }

    /// <summary>Two measurements would spoil one another, and each would put back what the other has taken away. Released by the kernel, also after a crash.</summary>
    private static FileStream ClaimLab(LabDirectory directory)
    {
        try
        {
            return new FileStream(directory.BenchLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new LabException($"Lab {directory.Name} cannot be claimed for a measurement: {failure.Message}", "Wait until the other bench has ended.");
        }
    }
}
