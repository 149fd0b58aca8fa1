using System.Net;
using Ambient.Lab.Demo.Wire;
using Ambient.Lab.Mesh;
using Ambient.Lab.Upgrades;

namespace Ambient.Lab.Demo.Stages;

/// <summary>Where the demo plays: a lab of namespaces, or local ports. The client is curl behind ztunnel A, the server nginx behind ztunnel B.</summary>
internal interface IDemoStage : IAsyncDisposable
{
    /// <summary>The lab of namespaces; null on local ports.</summary>
    RunningLab? Lab { get; }

    /// <summary>Namespace of the enrolled client; null for our own.</summary>
    string? ClientNamespace { get; }

    /// <summary>Namespace of the client that is not enrolled; null where there is none.</summary>
    string? OutsiderNamespace { get; }

    IReadOnlyList<DemoTarget> Targets { get; }

    /// <summary>The probe server, as the client reaches it.</summary>
    IPEndPoint ProbeServer { get; }

    /// <summary>URL of a server that is not enrolled, for a plaintext control; null where there is none.</summary>
    string? OutsiderUrl { get; }

    string ClientPrincipal { get; }

    string ServerPrincipal { get; }

    /// <summary>What nginx serves below /files/.</summary>
    string ServerFiles { get; }

    string ServerAccessLog { get; }

    ZtunnelView ClientZtunnel { get; }

    ZtunnelView ServerZtunnel { get; }

    /// <summary>Starts to record what passes between the two nodes.</summary>
    Task<IWireRecording> RecordAsync(CancellationToken cancellationToken);

    void SetPolicies(MeshPolicies policies);

    /// <summary>Kills the server's ztunnel as a crash would.</summary>
    Task KillServerZtunnelAsync(CancellationToken cancellationToken);

    /// <summary>Starts it again and returns at once.</summary>
    void StartServerZtunnel();

    /// <summary>Replaces the ztunnel of one node after the other under traffic; a result as soon as a node is done. Nothing where a node has room for one only.</summary>
    IAsyncEnumerable<UpgradeResult> UpgradeAsync(CancellationToken cancellationToken);

    /// <summary>What to try while the stage is left standing.</summary>
    IReadOnlyList<string> NextSteps { get; }
}
