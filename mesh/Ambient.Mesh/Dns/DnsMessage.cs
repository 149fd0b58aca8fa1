using System.Collections.Immutable;

namespace Ambient.Mesh.Dns;

/// <summary>A query or a response. The OPT record is not among the additional ones but in <see cref="Edns"/>.</summary>
public sealed record DnsMessage
{
    /// <summary>What the length prefix of TCP can say (RFC 1035 4.2.2).</summary>
    public const int MaxBytes = ushort.MaxValue;

    public required DnsHeader Header { get; init; }

    /// <summary>Only an error response may be without one.</summary>
    public DnsQuestion? Question { get; init; }

    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    public ImmutableArray<DnsRecord> Authorities { get; init; } = [];

    public ImmutableArray<DnsRecord> Additionals { get; init; } = [];

    public Edns? Edns { get; init; }

    public DnsResponseCode Code => (DnsResponseCode)(((Edns?.CodeBits ?? 0) << 4) | Header.CodeBits);
}
