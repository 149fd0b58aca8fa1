namespace Ambient.Lab.Specs;

/// <summary>An authorization policy on callers (node-proxy 4): it matches when any of its conditions does.</summary>
public sealed record PolicySpec(string Name, string Namespace, PolicyScope Scope, PolicyAction Action)
{
    /// <summary>Callers matched, as principals without <c>spiffe://</c>.</summary>
    public IReadOnlyList<string> Principals { get; init; } = [];

    /// <summary>Matches callers that show no identity: plaintext.</summary>
    public bool WithoutIdentity { get; init; }

    /// <summary>What PeerAuthentication STRICT becomes (node-proxy 4.5); in force for the workloads that name it.</summary>
    public static PolicySpec Strict { get; } =
        new("istio_converted_static_strict", LabSpec.RootNamespace, PolicyScope.WorkloadSelector, PolicyAction.Deny) { WithoutIdentity = true };

    /// <summary>As workloads name it.</summary>
    public string Key => $"{Namespace}/{Name}";
}
