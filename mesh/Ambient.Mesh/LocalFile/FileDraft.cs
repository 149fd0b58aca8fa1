namespace Ambient.Mesh.LocalFile;

/// <summary>A whole local file while it is being read.</summary>
internal sealed class FileDraft
{
    public List<WorkloadDraft> Workloads { get; } = [];

    public List<ServiceDraft> Services { get; } = [];

    public List<PolicyDraft> Policies { get; } = [];
}
