namespace Ambient.Hbone.Http2;

/// <summary>What the peer announced, with the values RFC 9113 6.5.2 gives before it does.</summary>
internal sealed class PeerSettings
{
    public const int DefaultWindow = 65_535;

    public int InitialWindow { get; set; } = DefaultWindow;

    public int MaxFrameSize { get; set; } = 16_384;

    public uint MaxConcurrentStreams { get; set; } = uint.MaxValue;
}
