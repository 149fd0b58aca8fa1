namespace Ambient.Hbone.Http2;

/// <summary>What one endpoint announces (node-proxy 1.2) and how much overhead it endures before it ends the connection.</summary>
public sealed record Http2Options
{
    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE, bytes.</summary>
    public int StreamWindow { get; init; } = 4 << 20;

    /// <summary>Bytes of all streams together that may be in flight or unreleased; at least 65,535.</summary>
    public int ConnectionWindow { get; init; } = 16 << 20;

    /// <summary>SETTINGS_MAX_FRAME_SIZE, 16,384 to 16,777,215.</summary>
    public int MaxFrameSize { get; init; } = 1 << 20;

    /// <summary>SETTINGS_MAX_HEADER_LIST_SIZE; also bounds the compressed header block.</summary>
    public int MaxHeaderListSize { get; init; } = 16_384;

    /// <summary>SETTINGS_HEADER_TABLE_SIZE; sent only when it differs from the default of 4,096.</summary>
    public int HeaderTableSize { get; init; } = 4_096;

    /// <summary>
    /// Server: SETTINGS_MAX_CONCURRENT_STREAMS. Client: the most streams opened at once whatever the server allows, and what is
    /// assumed of it before its SETTINGS arrive.
    /// </summary>
    public int MaxConcurrentStreams { get; init; } = 100;

    /// <summary>HEADERS and CONTINUATION frames one header block may be cut into.</summary>
    public int MaxHeaderFrames { get; init; } = 32;

    /// <summary>Parameters in one SETTINGS frame.</summary>
    public int MaxSettingsEntries { get; init; } = 64;

    /// <summary>Answers (PING and SETTINGS acknowledgements, resets) that may wait in the output before the peer is cut off, bytes.</summary>
    public int MaxPendingAnswerBytes { get; init; } = 64 << 10;

    /// <summary>Frames without tunnel bytes (PING, SETTINGS, WINDOW_UPDATE, PRIORITY, empty or unknown ones) taken at once.</summary>
    public int OverheadFrameBurst { get; init; } = 10_000;

    /// <summary>How many of these a second are always acceptable. Tunnel bytes moved and DATA frames sent earn more.</summary>
    public int OverheadFramesPerSecond { get; init; } = 1_000;

    /// <summary>
    /// Streams that may end at once in a reset before an answer: reset by the peer (CVE-2023-44487) or by this side for an error of the
    /// peer (CVE-2025-8671).
    /// </summary>
    public int ResetBurst { get; init; } = 400;

    /// <summary>How many such resets a second are always acceptable.</summary>
    public int ResetsPerSecond { get; init; } = 100;

    /// <summary>Read only when a burst is used up.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>node-proxy 1.2, column "Client".</summary>
    public static Http2Options ForClient { get; } = new();

    /// <summary>node-proxy 1.2, column "Server".</summary>
    public static Http2Options ForServer { get; } = new() { MaxHeaderListSize = 65_536, MaxConcurrentStreams = 200 };

    internal void Validate()
    {
        Require(StreamWindow, 0, int.MaxValue, nameof(StreamWindow));
        Require(ConnectionWindow, 65_535, int.MaxValue, nameof(ConnectionWindow));
        Require(MaxFrameSize, 16_384, 16_777_215, nameof(MaxFrameSize));
        Require(MaxHeaderListSize, 1_024, 1 << 20, nameof(MaxHeaderListSize));
        Require(HeaderTableSize, 0, 1 << 20, nameof(HeaderTableSize));
        Require(MaxConcurrentStreams, 1, 1 << 20, nameof(MaxConcurrentStreams));
        Require(MaxHeaderFrames, 1, 1 << 16, nameof(MaxHeaderFrames));
        Require(MaxSettingsEntries, 8, 1 << 10, nameof(MaxSettingsEntries));
        Require(MaxPendingAnswerBytes, 1_024, 1 << 24, nameof(MaxPendingAnswerBytes));
        Require(OverheadFrameBurst, 1, 1 << 24, nameof(OverheadFrameBurst));
        Require(OverheadFramesPerSecond, 1, 1 << 24, nameof(OverheadFramesPerSecond));
        Require(ResetBurst, 1, 1 << 24, nameof(ResetBurst));
        Require(ResetsPerSecond, 1, 1 << 24, nameof(ResetsPerSecond));
    }

    private static void Require(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"must be {least} to {most}");
        }
    }
}
