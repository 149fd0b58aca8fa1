using System.Buffers.Binary;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2.Frames;

/// <summary>SETTINGS in both directions (RFC 9113 6.5).</summary>
internal sealed class SettingsFrames(ConnectionCore core, HpackEncoder encoder, HeaderFrames headerFrames)
{
    private const int EntrySize = 6;
    private const int MinMaxFrameSize = 16_384;
    private const int MaxMaxFrameSize = 16_777_215;
    private const int StreamsPerCost = 8;

    private bool _awaitsAcknowledgement;

    /// <summary>The first frame of the peer's preface has arrived (RFC 9113 3.4).</summary>
    public bool HasPeerSettings { get; private set; }

    public int MaxPayload => core.Options.MaxSettingsEntries * EntrySize;

    public void SendOurs()
    {
        Http2Options options = core.Options;
        Span<(SettingId, int)> entries = stackalloc (SettingId, int)[6];
        int count = 0;
        if (options.HeaderTableSize != 4_096)
        {
            entries[count++] = (SettingId.HeaderTableSize, options.HeaderTableSize);
        }

        entries[count++] = core.IsServer
            ? (SettingId.MaxConcurrentStreams, options.MaxConcurrentStreams)
            : (SettingId.EnablePush, 0);
        entries[count++] = (SettingId.InitialWindowSize, options.StreamWindow);
        entries[count++] = (SettingId.MaxFrameSize, options.MaxFrameSize);
        entries[count++] = (SettingId.MaxHeaderListSize, options.MaxHeaderListSize);
        FrameWriter.Settings(core.Output, entries[..count]);
        _awaitsAcknowledgement = true;
        int raise = options.ConnectionWindow - PeerSettings.DefaultWindow;
        if (raise > 0)
        {
            FrameWriter.WindowUpdate(core.Output, 0, raise);
        }
    }

    /// <summary>False when the frame broke a rule of RFC 9113 6.5, which ends the connection.</summary>
    public bool CheckHeader(FrameHeader header)
    {
        if (header.StreamId != 0)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.5", "SETTINGS on a stream");
        }
        else if (header.Length % EntrySize != 0 || (header.Has(FrameFlags.Acknowledge) && header.Length != 0))
        {
            core.Fail(Http2Error.FrameSizeError, "RFC 9113 6.5", "SETTINGS with a length that no list of settings has");
        }
        else if (header.Length > MaxPayload)
        {
            core.Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5", "too many parameters in SETTINGS");
        }

        return !core.IsOver;
    }

    public void OnSettings(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Acknowledge))
        {
            OnAcknowledgement();
            return;
        }

        if (!core.SpendOverhead(1, "SETTINGS"))
        {
            return;
        }

        HasPeerSettings = true;
        while (!payload.IsEmpty && !core.IsOver)
        {
            Apply((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt32BigEndian(payload[2..]));
            payload = payload[EntrySize..];
        }

        if (!core.IsOver && core.TryReserveAnswer(FrameHeader.Size))
        {
            FrameWriter.SettingsAcknowledgement(core.Output);
            core.Events.OnPeerSettings();
        }
    }

    private void OnAcknowledgement()
    {
        if (!_awaitsAcknowledgement)
        {
            core.Fail(Http2Error.ProtocolError, "RFC 9113 6.5.3", "an acknowledgement of SETTINGS that were not sent");
            return;
        }

        _awaitsAcknowledgement = false;
        headerFrames.ApplyAcknowledgedTableSize();

        // From here on the peer keeps to our window even where it is smaller than the default.
        int change = core.Options.StreamWindow - core.ReceiveWindowOfNewStreams;
        core.ReceiveWindowOfNewStreams = core.Options.StreamWindow;
        if (change != 0)
        {
            foreach (Http2Stream stream in core.Streams.Snapshot())
            {
                stream.Receive.Adjust(change);
            }
        }
    }

    private void Apply(SettingId id, uint value)
    {
        switch (id)
        {
            case SettingId.HeaderTableSize:
                encoder.ApplyPeerTableSize(value);
                break;
            case SettingId.EnablePush when value > 1 || (value == 1 && !core.IsServer):
                core.Fail(Http2Error.ProtocolError, "RFC 9113 6.5.2", "ENABLE_PUSH with a value it may not have");
                break;
            case SettingId.MaxConcurrentStreams:
                core.Peer.MaxConcurrentStreams = value;
                break;
            case SettingId.InitialWindowSize:
                ApplyInitialWindow(value);
                break;
            case SettingId.MaxFrameSize when value is < MinMaxFrameSize or > MaxMaxFrameSize:
                core.Fail(Http2Error.ProtocolError, "RFC 9113 6.5.2", "MAX_FRAME_SIZE out of range");
                break;
            case SettingId.MaxFrameSize:
                core.Peer.MaxFrameSize = (int)value;
                break;
        }
    }

    private void ApplyInitialWindow(uint value)
    {
        if (value > int.MaxValue)
        {
            core.Fail(Http2Error.FlowControlError, "RFC 9113 6.5.2", "INITIAL_WINDOW_SIZE above 2^31-1");
            return;
        }

        long change = value - (long)core.Peer.InitialWindow;
        core.Peer.InitialWindow = (int)value;
        if (change == 0 || !core.SpendOverhead(core.Streams.Count / StreamsPerCost, "INITIAL_WINDOW_SIZE"))
        {
            return;
        }

        bool becameWritable = false;
        foreach (Http2Stream stream in core.Streams.Snapshot())
        {
            becameWritable |= stream.SendWindow <= 0 && stream.SendWindow + change > 0;
            stream.SendWindow += change;
            if (stream.SendWindow > int.MaxValue)
            {
                core.Fail(Http2Error.FlowControlError, "RFC 9113 6.9.2", "INITIAL_WINDOW_SIZE lifts a stream's window above 2^31-1");
                return;
            }
        }

        if (becameWritable && core.SendWindow > 0)
        {
            core.Events.OnWritable(0);
        }
    }
}
