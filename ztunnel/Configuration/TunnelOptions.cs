namespace Ambient.Ztunnel.Configuration;

/// <summary>Pool and HTTP/2 settings of HBONE connections (node-proxy 1.2, 1.6). Windows and frames are in bytes.</summary>
internal sealed record TunnelOptions(
    int MaxStreamsPerConnection,
    TimeSpan UnusedReleaseTimeout,
    int StreamWindowBytes,
    int ConnectionWindowBytes,
    int MaxFrameBytes)
{
    /// <summary>RFC 9113 6.9.2: both windows start here; a smaller connection window cannot be announced.</summary>
    private const int InitialWindowBytes = 65_535;

    /// <summary>RFC 9113 6.5.2: the bounds of SETTINGS_MAX_FRAME_SIZE.</summary>
    private const int SmallestFrameLimit = 16_384;

    private const int LargestFrameLimit = 16_777_215;

    public static TunnelOptions Read(SettingReader reader) => new(
        reader.Integer(SettingNames.PoolMaxStreams, 100, 1, ushort.MaxValue),
        reader.PositiveDuration(SettingNames.PoolReleaseTimeout, TimeSpan.FromMinutes(5)),
        reader.Integer(SettingNames.StreamWindow, 4 << 20, InitialWindowBytes, int.MaxValue),
        reader.Integer(SettingNames.ConnectionWindow, 16 << 20, InitialWindowBytes, int.MaxValue),
        reader.Integer(SettingNames.FrameSize, 1 << 20, SmallestFrameLimit, LargestFrameLimit));
}
