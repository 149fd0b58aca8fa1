namespace Ambient.Kube.Configuration;

/// <summary>What an exec plugin is told, in <c>KUBERNETES_EXEC_INFO</c>.</summary>
internal sealed record ExecCredentialRequest(string ApiVersion, string Kind, ExecCredentialRequestSpec Spec);
