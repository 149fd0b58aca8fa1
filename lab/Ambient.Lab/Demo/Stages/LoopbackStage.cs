using System.Net;
using System.Security.Cryptography;
using Ambient.Lab.Demo.Facts;
using Ambient.Lab.Demo.Wire;
using Ambient.Lab.Mesh;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;
using Ambient.Lab.Upgrades;
using Ambient.Lab.Workloads;

namespace Ambient.Lab.Demo.Stages;

/// <summary>
/// The demo without privileges: local ports stand in for redirection, and a recording relay for the wire between the nodes.
/// </summary>
internal sealed class LoopbackStage : IDemoStage
{
    private const int AddressAttempts = 20;

    private readonly List<ProcessRecord> _processes = [];
    private readonly List<WireRelay> _relays = [];
    private readonly bool _keep;
    private readonly string _directory;
    private readonly LoopbackPlan _plan;
    private readonly LoopbackZtunnel _client;
    private readonly LoopbackZtunnel _server;

    private LoopbackStage(string ztunnel, bool keep)
    {
        _keep = keep;
        int inboundPort = 0;
        _plan = StartRelay(ref inboundPort);
        _directory = Directory.CreateTempSubdirectory("ambient-demo-").FullName;
        bool hasIPv6 = AddRelay(IPAddress.IPv6Loopback, inboundPort);
        _server = new LoopbackZtunnel(
            _plan, _plan.Lab.Pod(DefaultLab.Web), ztunnel, _directory, hasIPv6 ? $"[::]:{inboundPort}" : $"{_plan.ServerV4}:{inboundPort}", []);
        ProbeServer = new IPEndPoint(IPAddress.Loopback, _plan.TakePort());
        (Targets, string[] forwards) = BuildTargets(hasIPv6);
        _client = new LoopbackZtunnel(_plan, _plan.Lab.Pod(DefaultLab.Curl), ztunnel, _directory, $"127.0.0.1:{_plan.TakePort()}", forwards);
    }

    public RunningLab? Lab => null;

    public string? ClientNamespace => null;

    public string? OutsiderNamespace => null;

    public string? OutsiderUrl => null;

    public IReadOnlyList<DemoTarget> Targets { get; }

    public IPEndPoint ProbeServer { get; }

    public string ClientPrincipal => _plan.Lab.Pod(DefaultLab.Curl).Spec.Principal;

    public string ServerPrincipal => _plan.Lab.Pod(DefaultLab.Web).Spec.Principal;

    public string ServerFiles => Path.Combine(_directory, "web", NginxWorkload.FilesDirectory);

    public string ServerAccessLog => Path.Combine(_directory, "web", NginxWorkload.AccessLog);

    public ZtunnelView ClientZtunnel => _client.View;

    public ZtunnelView ServerZtunnel => _server.View;

    /// <summary>The relay ends with this process, so all that can be kept is the files.</summary>
    public IReadOnlyList<string> NextSteps => [$"less {_client.View.LogPath}", $"less {_server.View.LogPath}", $"rm -r {_directory}"];

    /// <exception cref="LabException">A program is missing or did not start; nothing was left running.</exception>
    public static async Task<LoopbackStage> OpenAsync(DemoOptions demo, CancellationToken cancellationToken)
    {
        RequiredPrograms.Check(["curl", "nginx", "setsid"]);
        var stage = new LoopbackStage(ZtunnelProgram.Find(demo.Ztunnel), demo.Keep);
        try
        {
            await stage.StartAsync(cancellationToken);
            return stage;
        }
        catch (Exception failure) when (failure is LabException or OperationCanceledException or IOException)
        {
            await stage.EndAsync();
            Directory.Delete(stage._directory, recursive: true);
            throw;
        }
    }

    public Task<IWireRecording> RecordAsync(CancellationToken cancellationToken) => Task.FromResult<IWireRecording>(new RelayRecording(_relays));

    public void SetPolicies(MeshPolicies policies) => MeshDocument.Write(Path.Combine(_directory, "mesh.yaml"), MeshDocument.Render(_plan.Lab, policies));

    public async Task KillServerZtunnelAsync(CancellationToken cancellationToken) =>
        await ProcessTable.EndAsync(_server.Process!, TimeSpan.Zero, cancellationToken);

    public void StartServerZtunnel() => _server.Start();

    public IAsyncEnumerable<UpgradeResult> UpgradeAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<UpgradeResult>();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (!_keep)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "root"));
        SetPolicies(MeshPolicies.None);
        await StartWorkloadAsync(new NginxWorkload(DefaultLab.Web, _plan.WebPort), "web", cancellationToken);
        await StartWorkloadAsync(new EchoWorkload(_plan.EchoPort), "echo", cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(ServerFiles, DemoNames.Blob), RandomNumberGenerator.GetBytes(CapacityFact.BlobBytes), cancellationToken);
        _server.Start();
        _client.Start();
        await Task.WhenAll(_server.WaitAsync(cancellationToken), _client.WaitAsync(cancellationToken));
    }

    private async Task StartWorkloadAsync(IWorkload workload, string name, CancellationToken cancellationToken)
    {
        string directory = Directory.CreateDirectory(Path.Combine(_directory, name)).FullName;
        string log = Path.Combine(directory, "output.log");
        using GatedProcess process = GatedProcess.Start(new LabProcessSpec(ProcessRole.Workload, name, workload.Prepare(directory, _plan.Lab), log));
        process.Release();
        _processes.Add(process.Record);
        await PortWaiter.WaitAsync(process.Record, namespacePath: null, workload.Port!.Value, log, cancellationToken);
    }

    /// <summary>Another demo may hold port 15008 of an address, so several addresses are tried.</summary>
    private LoopbackPlan StartRelay(ref int inboundPort)
    {
        for (int attempt = 0; attempt < AddressAttempts; attempt++)
        {
            var plan = new LoopbackPlan(new IPAddress([127, 0, (byte)Random.Shared.Next(1, byte.MaxValue), 2]));
            inboundPort = plan.TakePort();
            if (AddRelay(plan.ServerV4, inboundPort))
            {
                return plan;
            }
        }

        throw new LabException($"Port {LabSpec.HbonePort} is taken on every loopback address that was tried.", "Stop the program that listens on it.");
    }

    private bool AddRelay(IPAddress address, int inboundPort)
    {
        if (WireRelay.TryStart(new IPEndPoint(address, LabSpec.HbonePort), new IPEndPoint(address, inboundPort)) is not { } relay)
        {
            return false;
        }

        _relays.Add(relay);
        return true;
    }

    private (IReadOnlyList<DemoTarget> Targets, string[] Forwards) BuildTargets(bool hasIPv6)
    {
        PodPlan server = _plan.Lab.Pod(DefaultLab.Web);
        ServiceSpec service = _plan.Lab.Spec.Services[0];
        var targets = new List<DemoTarget>();
        var forwards = new List<string> { $"{ProbeServer}={new IPEndPoint(server.V4, _plan.EchoPort)}" };
        foreach (bool isPodAddress in new[] { true, false })
        {
            foreach (bool ipv6 in hasIPv6 ? new[] { false, true } : [false])
            {
                IPEndPoint destination = isPodAddress
                    ? new IPEndPoint(server.Address(ipv6), _plan.WebPort)
                    : new IPEndPoint(_plan.Lab.ServiceAddress(service, ipv6), DefaultLab.ServicePort);
                var local = new IPEndPoint(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, _plan.TakePort());
                forwards.Add($"{local}={destination}");
                targets.Add(new DemoTarget(
                    $"{(isPodAddress ? "pod" : "service")} address, {(ipv6 ? "IPv6" : "IPv4")}", $"http://{local}/", ClientAddress: null, isPodAddress));
            }
        }

        return (targets, [.. forwards]);
    }

    private IEnumerable<ProcessRecord> Processes() => _processes.Concat(new[] { _client.Process, _server.Process }.OfType<ProcessRecord>());

    private async Task EndAsync()
    {
        await Task.WhenAll(Processes().Select(process => ProcessTable.EndAsync(process, TimeSpan.FromMilliseconds(500), CancellationToken.None)));
        foreach (WireRelay relay in _relays)
        {
            await relay.DisposeAsync();
        }
    }
}
