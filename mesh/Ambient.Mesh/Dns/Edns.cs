namespace Ambient.Mesh.Dns;

/// <summary>What a message says through its OPT record (RFC 6891 6.1); options inside are not looked at.</summary>
/// <param name="PayloadBytes">The largest UDP message that the sender takes.</param>
/// <param name="Version">0 is the only one.</param>
/// <param name="CodeBits">The upper eight bits of the response code.</param>
public readonly record struct Edns(ushort PayloadBytes, byte Version = 0, byte CodeBits = 0)
{
    /// <summary>What everybody takes (RFC 1035 2.3.4); a lower figure counts as this one.</summary>
    public const int SmallestPayload = 512;
}
