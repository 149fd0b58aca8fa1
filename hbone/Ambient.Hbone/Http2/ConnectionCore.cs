using Ambient.Hbone.Http2.FlowControl;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Streams;

namespace Ambient.Hbone.Http2;

/// <summary>
/// The state that all frame types share, and the few ways in which it ends: of a stream, of the connection.
/// </summary>
internal sealed class ConnectionCore
{
    // A WINDOW_UPDATE this small onto an exhausted window buys a DATA frame of about its own size from us.
    private const int DribbleBytes = 32;
    private const int DribbleCost = 16;
    private const int FramesEarnedPerDataFrameSent = 4;
    private const int BytesPerEarnedFrame = 1_024;

    public readonly bool IsServer;
    public readonly Http2Options Options;
    public readonly IHttp2Events Events;
    public readonly Http2Output Output = new();
    public readonly StreamTable Streams = new();
    public readonly ClosedStreams Closed = new();
    public readonly PeerSettings Peer = new();

    public ReceiveWindow Receive;
    public long SendWindow = PeerSettings.DefaultWindow;

    /// <summary>What new streams may receive at first: never below the default before the peer has acknowledged our settings.</summary>
    public int ReceiveWindowOfNewStreams;

    /// <summary>Server: the highest id the peer has used.</summary>
    public int HighestPeerStream;

    /// <summary>Server: the highest id that was handed to the application.</summary>
    public int LastProcessedStream;

    /// <summary>Client: the id of the next stream; wraps to negative once the ids are used up.</summary>
    public int NextLocalStream = 1;

    public int ActiveStreams;

    /// <summary>Streams above it are not taken: set by the last GOAWAY that was sent.</summary>
    public int LastAcceptedStream = int.MaxValue;

    public bool PeerIsGoingAway;

    /// <summary>Of the peer's latest GOAWAY.</summary>
    public int PeerLastAcceptedStream = int.MaxValue;

    public long DataBytesMoved;
    public long DataFramesSent;

    private readonly WorkBudget _overhead;
    private readonly WorkBudget _resets;

    public ConnectionCore(Http2Role role, Http2Options options, IHttp2Events events)
    {
        IsServer = role == Http2Role.Server;
        Options = options;
        Events = events;
        Receive = new ReceiveWindow(options.ConnectionWindow, options.ConnectionWindow);
        ReceiveWindowOfNewStreams = Math.Max(options.StreamWindow, PeerSettings.DefaultWindow);
        _overhead = new WorkBudget(options.OverheadFrameBurst, options.OverheadFramesPerSecond, options.Clock);
        _resets = new WorkBudget(options.ResetBurst, options.ResetsPerSecond, options.Clock);
    }

    public Http2Failure? Failure { get; private set; }

    public bool IsOver => Failure is not null;

    /// <summary>Ends the connection: nothing is received or sent after the GOAWAY.</summary>
    public void Fail(Http2Error error, string section, string message)
    {
        if (!IsOver)
        {
            FrameWriter.GoAway(Output, LastProcessedStream, error, message);
            Failure = new Http2Failure(error, section, message);
        }
    }

    /// <summary>Idle streams have neither been opened nor skipped (RFC 9113 5.1.1). There are no even ones: nobody pushes.</summary>
    public bool IsIdle(int streamId) =>
        (streamId & 1) == 0 || (IsServer ? streamId > HighestPeerStream : NextLocalStream > 0 && streamId >= NextLocalStream);

    public Http2Stream AddStream(int streamId)
    {
        Http2Stream stream = new(streamId, Peer.InitialWindow, new ReceiveWindow(ReceiveWindowOfNewStreams, Options.StreamWindow));
        Streams.Add(stream);
        ActiveStreams++;
        return stream;
    }

    /// <summary>Null when the id has no stream, or one that is closed for the protocol.</summary>
    public Http2Stream? FindOpen(int streamId)
    {
        Http2Stream? stream = Streams.Find(streamId);
        return stream is null || stream.IsClosed ? null : stream;
    }

    /// <summary>Counts a frame that moves nothing; ends the connection when there are too many for the work done.</summary>
    public bool SpendOverhead(int cost, string what)
    {
        long earned = (DataBytesMoved / BytesPerEarnedFrame) + (DataFramesSent * FramesEarnedPerDataFrameSent);
        if (_overhead.TrySpend(cost, earned))
        {
            return true;
        }

        Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5", $"too many frames that carry nothing, the last {what}");
        return false;
    }

    public static int CostOfWindowUpdate(long windowBefore, int increment) =>
        windowBefore <= 0 && increment < DribbleBytes ? DribbleCost : 1;

    /// <summary>Counts a stream that ended before it was any use.</summary>
    public bool SpendReset(string what)
    {
        if (_resets.TrySpend(1, 0))
        {
            return true;
        }

        Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5", $"too many streams reset, the last {what}");
        return false;
    }

    /// <summary>Room for an answer of that many bytes; false when the peer asks for more than it fetches.</summary>
    public bool TryReserveAnswer(int bytes)
    {
        if (Output.AnswerBytes + bytes > Options.MaxPendingAnswerBytes)
        {
            Fail(Http2Error.EnhanceYourCalm, "RFC 9113 10.5", "too many answers are waiting to be fetched");
            return false;
        }

        Output.AnswerBytes += bytes;
        return true;
    }

    /// <summary>A stream error (RFC 9113 5.4.2): the peer broke a rule on a live stream.</summary>
    public void FailStream(Http2Stream stream, Http2Error error, string what)
    {
        if (Refuse(stream.Id, error, what))
        {
            Close(stream, StreamEnd.ResetHere);
            Events.OnReset(stream.Id, error);
        }
    }

    /// <summary>Resets a stream that the application does not know, or is about to hear of.</summary>
    public bool Refuse(int streamId, Http2Error error, string what)
    {
        if (!SpendReset(what) || !TryReserveAnswer(FrameHeader.Size + 4))
        {
            return false;
        }

        FrameWriter.Reset(Output, streamId, error);
        Closed.Add(streamId, StreamEnd.ResetHere);
        return true;
    }

    public void CloseIfEnded(Http2Stream stream)
    {
        if (stream is { LocalEnded: true, RemoteEnded: true, IsClosed: false })
        {
            Close(stream, StreamEnd.EndedByPeer, keepsUnreleased: true);
        }
    }

    /// <summary>
    /// Takes a stream out of the protocol. With <paramref name="keepsUnreleased"/> its bytes stay charged until the application has
    /// released them, so that closing streams does not lift the bound on memory; else they are given back at once.
    /// </summary>
    public void Close(Http2Stream stream, StreamEnd end, bool keepsUnreleased = false)
    {
        stream.IsClosed = true;
        ActiveStreams--;
        Closed.Add(stream.Id, end);
        if (!keepsUnreleased || stream.Unreleased == 0)
        {
            Forget(stream);
        }
    }

    public void Forget(Http2Stream stream)
    {
        int unreleased = stream.Unreleased;
        stream.Unreleased = 0;
        Streams.Remove(stream.Id);
        ReturnToConnection(unreleased);
    }

    public void ReturnToConnection(int bytes)
    {
        int increment = Receive.Return(bytes);
        if (increment > 0 && !IsOver)
        {
            FrameWriter.WindowUpdate(Output, 0, increment);
        }
    }

    public void ReturnToStream(Http2Stream stream, int bytes)
    {
        if (stream.RemoteEnded || stream.IsClosed)
        {
            return;
        }

        int increment = stream.Receive.Return(bytes);
        if (increment > 0 && !IsOver)
        {
            FrameWriter.WindowUpdate(Output, stream.Id, increment);
        }
    }
}
