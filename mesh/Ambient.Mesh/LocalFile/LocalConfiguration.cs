using System.Collections.Immutable;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.LocalFile;

/// <summary>The content of a local file, in its order.</summary>
public sealed record LocalConfiguration(
    ImmutableArray<Workload> Workloads,
    ImmutableArray<Service> Services,
    ImmutableArray<AuthorizationPolicy> Policies)
{
    public static LocalConfiguration Empty { get; } = new([], [], []);
}
