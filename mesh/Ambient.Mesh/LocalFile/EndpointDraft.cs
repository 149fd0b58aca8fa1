using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using YamlDotNet.Core;

namespace Ambient.Mesh.LocalFile;

/// <summary>An endpoint that a file lists under its service, as a configuration dump does.</summary>
internal sealed class EndpointDraft
{
    public Mark Start { get; init; }

    public string? WorkloadUid { get; set; }

    public PortMap Ports { get; set; } = PortMap.Empty;

    public HealthStatus? Status { get; set; }
}
