using Ambient.Lab.Programs;
using Ambient.Lab.State;

namespace Ambient.Lab;

/// <summary>How a lab is run, as opposed to what it consists of.</summary>
public sealed record LabOptions
{
    /// <summary>Directory that holds the labs' files.</summary>
    public string Root { get; init; } = LabDirectory.DefaultRoot;

    /// <summary>The ztunnel program; null to look for it as <see cref="ZtunnelProgram.Find"/> does.</summary>
    public string? Ztunnel { get; init; }

    /// <summary>The control-plane program; null to look for it as <see cref="ControlPlaneProgram.Find"/> does.</summary>
    public string? ControlPlane { get; init; }

    /// <summary>Without ztunnel and redirection the lab is a plain network with the same pods.</summary>
    public bool WithMesh { get; init; } = true;

    /// <summary>A node agent beside each ztunnel tells it of its pods; without, ztunnel reads them from a file.</summary>
    public bool WithAgents { get; init; }

    /// <summary>Progress, a line each.</summary>
    public Action<string> Report { get; init; } = _ => { };
}
