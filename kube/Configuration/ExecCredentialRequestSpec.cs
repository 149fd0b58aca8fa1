namespace Ambient.Kube.Configuration;

/// <summary>Whether a person can be asked, and which cluster it is for where the plugin wants to know.</summary>
internal sealed record ExecCredentialRequestSpec(bool Interactive, ExecClusterInfo? Cluster);
