using Ambient.Lab.Specs;

namespace Ambient.Lab.Mesh;

/// <summary>Policies in force, and which pods those with workload selector scope select.</summary>
public sealed record MeshPolicies(IReadOnlyList<PolicySpec> Policies)
{
    public static MeshPolicies None { get; } = new([]);

    /// <summary>Policy keys by the name of the pod that they select.</summary>
    public IReadOnlyDictionary<string, string> Selected { get; init; } = new Dictionary<string, string>();

    public IEnumerable<string> NamesFor(string pod) => Selected.TryGetValue(pod, out string? key) ? [key] : [];
}
