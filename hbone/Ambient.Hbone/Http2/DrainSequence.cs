using Ambient.Hbone.Http2.Frames;

namespace Ambient.Hbone.Http2;

/// <summary>
/// The graceful end of node-proxy 10.2 step 3 (RFC 9113 6.8): a server first announces that it will stop, and names the last stream only
/// after a round trip, so that no request under way is lost.
/// </summary>
internal sealed class DrainSequence(ConnectionCore core)
{
    // "drainin\0": no keepalive counter reaches it.
    private const long DrainPing = 0x647261696e696e00;

    private bool _awaitsPong;

    /// <summary>A GOAWAY was sent; the first of a drain, or any other.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The GOAWAY that names the last stream was sent.</summary>
    public bool IsAnnounced => HasBegun && !_awaitsPong;

    public void Begin()
    {
        if (HasBegun || core.IsOver)
        {
            return;
        }

        HasBegun = true;
        if (core.IsServer)
        {
            FrameWriter.GoAway(core.Output, int.MaxValue, Http2Error.NoError, string.Empty);
            FrameWriter.Ping(core.Output, DrainPing, FrameFlags.None);
            _awaitsPong = true;
        }
        else
        {
            Send(0, Http2Error.NoError);
        }
    }

    /// <summary>True when the acknowledged PING was the one of the drain.</summary>
    public bool TakePong(long payload)
    {
        if (!_awaitsPong || payload != DrainPing)
        {
            return false;
        }

        _awaitsPong = false;
        Send(core.LastProcessedStream, Http2Error.NoError);
        return true;
    }

    public void Send(int lastStreamId, Http2Error error)
    {
        if (core.IsOver)
        {
            return;
        }

        HasBegun = true;
        if (core.IsServer)
        {
            core.LastAcceptedStream = Math.Min(core.LastAcceptedStream, lastStreamId);
            lastStreamId = core.LastAcceptedStream;
        }

        FrameWriter.GoAway(core.Output, lastStreamId, error, string.Empty);
    }
}
