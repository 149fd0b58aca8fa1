using System.Collections.Concurrent;
using Ambient.Cli;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.InProcessTests.ControlPlane;

namespace Ambient.InProcessTests.Cli;

/// <summary>A control plane's discovery service with its debug port, and ambientctl run against it.</summary>
internal sealed class MeshRig : IAsyncDisposable
{
    private readonly DebugServer _debug;

    private MeshRig(DiscoveryRig discovery, DebugServer debug)
    {
        Discovery = discovery;
        _debug = debug;
    }

    public DiscoveryRig Discovery { get; }

    public AppliedObjects Applied { get; private init; } = null!;

    public ConcurrentQueue<Finding> Findings { get; private init; } = null!;

    public string Address => _debug.Address;

    public static async Task<MeshRig> StartAsync()
    {
        DiscoveryRig discovery = await DiscoveryRig.StartAsync();
        AppliedObjects applied = new(discovery.Cache);
        ConcurrentQueue<Finding> findings = new();
        DebugPages pages = new(
            new SynczPage(() => discovery.Service.Proxies, "Kubernetes"),
            new ProxiesPage(() => discovery.Service.Proxies, discovery.Cache),
            new ResourcesPage(discovery.Cache),
            new FindingsPage(() => [.. findings]),
            new LivePage(() => discovery.Service.Connected, new ObjectResources(discovery.Cache, "Kubernetes", "cluster.local"), applied, () => [.. findings]));
        DebugServer debug = await DebugServer.StartAsync(pages);
        return new MeshRig(discovery, debug) { Applied = applied, Findings = findings };
    }

    /// <summary>Publishes what a batch of objects led to, as the control plane does.</summary>
    public void Apply(IReadOnlyList<ObjectChange> batch, params MeshResource[] resources)
    {
        MeshChange change = new(resources, []);
        Discovery.Cache.Publish(change);
        Applied.Note(batch, change);
    }

    /// <summary>Runs ambientctl against this control plane.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = await AmbientctlApp.RunAsync(
            [.. arguments, "--control-plane", Address], new CommandConsole(TextReader.Null, output, error), TimeProvider.System);
        return (code, output.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _debug.DisposeAsync();
        await Discovery.DisposeAsync();
    }
}
