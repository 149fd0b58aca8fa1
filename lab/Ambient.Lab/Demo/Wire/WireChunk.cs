namespace Ambient.Lab.Demo.Wire;

/// <summary>One packet of a capture, or one piece that a relay passed on.</summary>
internal sealed record WireChunk(string Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>ARP and ICMPv6: how nodes find one another.</summary>
    public const string Neighbours = "neighbour discovery";
}
