using System.Collections.Immutable;

namespace Ambient.Mesh.Dns;

/// <summary>
/// What arrived at the server side: a query, or something that is refused as it stands. Neither means silence.
/// </summary>
/// <param name="Query">Has a question.</param>
/// <param name="Refusal">The response to send at once.</param>
public readonly record struct DnsRequest(DnsMessage? Query, DnsMessage? Refusal)
{
    /// <summary>
    /// node-proxy 8.4. A response is refused only when it is not itself a refusal: two servers that answer each other's errors would
    /// never stop.
    /// </summary>
    public static DnsRequest Read(ReadOnlySpan<byte> bytes)
    {
        if (!DnsHeader.TryRead(bytes, out DnsHeader header))
        {
            return default;
        }

        if (header.IsResponse)
        {
            return header.CodeBits == 0 ? Refused(header, DnsResponseCode.FormatError) : default;
        }

        if (header.Opcode != 0)
        {
            return Refused(header, DnsResponseCode.NotImplemented);
        }

        if (!DnsMessageReader.TryRead(bytes, out DnsMessage? query) || query.Question is null)
        {
            return Refused(header, DnsResponseCode.FormatError);
        }

        return query.Edns is { Version: > 0 } ? new DnsRequest(null, Respond(query, DnsResponseCode.BadVersion)) : new DnsRequest(query, null);
    }

    /// <summary>A response to a query; authority records are never passed on (node-proxy 8.4).</summary>
    public static DnsMessage Respond(
        DnsMessage query,
        DnsResponseCode code,
        bool isAuthoritative = false,
        ImmutableArray<DnsRecord> answers = default,
        ImmutableArray<DnsRecord> additionals = default) => new()
    {
        Header = query.Header.ToResponse(code, isAuthoritative),
        Question = query.Question,
        Answers = answers.IsDefault ? [] : answers,
        Additionals = additionals.IsDefault ? [] : additionals,
        Edns = query.Edns is null ? null : new Edns((ushort)UdpLimit(query), CodeBits: (byte)((int)code >> 4)),
    };

    /// <summary>The largest UDP response that the sender of a query takes.</summary>
    public static int UdpLimit(DnsMessage query) => Math.Max(Edns.SmallestPayload, (int)(query.Edns?.PayloadBytes ?? 0));

    private static DnsRequest Refused(DnsHeader header, DnsResponseCode code) =>
        new(null, new DnsMessage { Header = header.ToResponse(code, isAuthoritative: false) });
}
