namespace Ambient.Lab.Specs;

/// <summary>A service with virtual addresses of both families, over the pods whose labels contain the selector.</summary>
public sealed record ServiceSpec(string Name, string Namespace, IReadOnlyList<ServicePort> Ports)
{
    public IReadOnlyDictionary<string, string> Selector { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the pod that traffic to the service goes through, by HBONE (node-proxy 2.3.3); null for none.</summary>
    public string? Waypoint { get; init; }

    public string HostName => $"{Name}.{Namespace}.svc.cluster.local";

    public bool Selects(PodSpec pod) =>
        Selector.Count > 0 && pod.Namespace == Namespace
        && Selector.All(wanted => pod.Labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
}
