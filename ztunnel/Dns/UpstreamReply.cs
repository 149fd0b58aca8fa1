using System.Diagnostics.CodeAnalysis;
using Ambient.Mesh.Dns;

namespace Ambient.Ztunnel.Dns;

/// <summary>What an upstream resolver said, or why nothing came. Exactly one of the two is set.</summary>
internal sealed record UpstreamReply(DnsMessage? Message, string? Error)
{
    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool HasMessage => Message is not null;

    public static UpstreamReply Of(DnsMessage message) => new(message, null);

    public static UpstreamReply Failed(string error) => new(null, error);
}
