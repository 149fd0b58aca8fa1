using Ambient.Lab.Processes;
using Ambient.Lab.Plans;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.Demo.Stages;

/// <summary>One ztunnel in dedicated mode on explicit local ports.</summary>
internal sealed class LoopbackZtunnel
{
    private readonly PodPlan _pod;
    private readonly string _program;
    private readonly Dictionary<string, string> _settings;
    private readonly int _readinessPort;

    public LoopbackZtunnel(LoopbackPlan plan, PodPlan pod, string program, string directory, string inboundAddress, IEnumerable<string> forwards)
    {
        _pod = pod;
        _program = program;
        _readinessPort = plan.TakePort();
        View = new ZtunnelView($"ztunnel of {pod.Node.Name}", Path.Combine(directory, $"ztunnel-{pod.Node.Name}.log"), null, plan.TakePort());
        _settings = ZtunnelSettings.Shared(Path.Combine(directory, "mesh.yaml"), Path.Combine(directory, "root"), pod.Node.Name);
        _settings["PROXY_MODE"] = "dedicated";
        _settings["PROXY_WORKLOAD_INFO"] = $"{pod.Spec.Namespace}/{pod.Spec.Name}/{pod.Spec.ServiceAccount}";
        _settings["ENABLE_ORIG_SRC"] = "false";
        _settings["ISTIO_META_DNS_CAPTURE"] = "false";
        _settings["AMBIENT_OUTBOUND_ADDRESS"] = $"127.0.0.1:{plan.TakePort()}";
        _settings["AMBIENT_INBOUND_PLAINTEXT_ADDRESS"] = $"127.0.0.1:{plan.TakePort()}";
        _settings["AMBIENT_INBOUND_ADDRESS"] = inboundAddress;
        _settings["AMBIENT_FORWARD"] = string.Join(',', forwards);
        _settings["AMBIENT_ADMIN_ADDRESS"] = $"127.0.0.1:{plan.TakePort()}";
        _settings["AMBIENT_STATS_ADDRESS"] = $"127.0.0.1:{View.StatsPort}";
        _settings["AMBIENT_READINESS_ADDRESS"] = $"127.0.0.1:{_readinessPort}";
    }

    public ZtunnelView View { get; }

    public ProcessRecord? Process { get; private set; }

    public void Start()
    {
        using GatedProcess process = GatedProcess.Start(
            new LabProcessSpec(ProcessRole.Ztunnel, _pod.Node.Name, [_program], View.LogPath) { Environment = _settings });
        process.Release();
        Process = process.Record;
    }

    public Task WaitAsync(CancellationToken cancellationToken) =>
        ZtunnelReadiness.WaitAsync(Process!, namespacePath: null, _readinessPort, View.LogPath, cancellationToken);
}
