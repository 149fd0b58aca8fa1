namespace Ambient.Lab.Specs;

/// <summary>One pod. Its addresses follow from its place in the lab; see <see cref="Plans.LabPlan"/>.</summary>
public sealed record PodSpec(string Name, string Namespace, string ServiceAccount)
{
    /// <summary>Redirected, and reached by others through HBONE.</summary>
    public bool Enrolled { get; init; } = true;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IWorkload? Workload { get; init; }

    /// <summary>Policies with workload selector scope that select this pod, as NAMESPACE/NAME.</summary>
    public IReadOnlyList<string> PolicyNames { get; init; } = [];

    /// <summary>As the mesh calls it: TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT.</summary>
    public string Principal => $"{LabSpec.TrustDomain}/ns/{Namespace}/sa/{ServiceAccount}";
}
