namespace Ambient.Testing.Certificates;

/// <summary>What a test wants of a leaf. The defaults are those of a workload certificate.</summary>
public sealed record TestCertificateSpec
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    /// <summary>Empty, as in certificates of workloads: the identity is the URI SAN alone.</summary>
    public string Subject { get; init; } = string.Empty;

    public IReadOnlyList<string> UriSans { get; init; } = [];

    /// <summary>URI names byte for byte, for what no well-behaved authority would sign; instead of <see cref="UriSans"/>.</summary>
    public IReadOnlyList<byte[]> RawUriSans { get; init; } = [];

    /// <summary>DNS names of a server that is no workload: the control plane or the authority.</summary>
    public IReadOnlyList<string> DnsSans { get; init; } = [];

    /// <summary>Object identifiers; none leaves the extension out.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [ServerAuth, ClientAuth];

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>null: an ECDSA P-256 key.</summary>
    public int? RsaBits { get; init; }
}
