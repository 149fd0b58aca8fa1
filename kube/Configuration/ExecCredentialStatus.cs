namespace Ambient.Kube.Configuration;

/// <summary>The credential that an exec plugin made.</summary>
internal sealed record ExecCredentialStatus
{
    public DateTimeOffset? ExpirationTimestamp { get; init; }

    public string? Token { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyData { get; init; }

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{nameof(ExecCredentialStatus)} {{ ExpirationTimestamp = {ExpirationTimestamp:O} }}";
}
