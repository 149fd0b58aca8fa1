namespace Ambient.Kube.Configuration;

/// <summary>What an exec plugin prints.</summary>
internal sealed record ExecCredentialResponse
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}
