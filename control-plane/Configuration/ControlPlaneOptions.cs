using Ambient.ControlPlane.Translation;
using Microsoft.Extensions.Logging;

namespace Ambient.ControlPlane.Configuration;

/// <summary>What the operator set, by area.</summary>
public sealed record ControlPlaneOptions
{
    public ClusterOptions Cluster { get; init; } = new();

    public TranslationOptions Mesh { get; init; } = new();

    public ServingOptions Serving { get; init; } = new();

    public StatusOptions Statuses { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
