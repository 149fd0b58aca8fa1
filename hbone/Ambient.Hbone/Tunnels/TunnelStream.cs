using Ambient.Hbone.Http2;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;
using Ambient.Transport.Sockets;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// One CONNECT stream of a tunnel: a byte stream each way, each ending on its own (node-proxy 1.5). Used on its loop only.
/// </summary>
public sealed class TunnelStream : IDisposable
{
    private readonly LoopSignal _receivable = new();
    private readonly LoopSignal _sendable = new();
    private ReceiveQueue _received;
    private Http2Headers? _response;
    private bool _isReceiveClosed;
    private bool _isReset;

    internal TunnelStream(TunnelConnection connection, int id)
    {
        Connection = connection;
        Id = id;
    }

    public TunnelConnection Connection { get; }

    public int Id { get; }

    public EventLoop Loop => Connection.Loop;

    internal bool IsDisposed { get; private set; }

    /// <summary>The current batch brought something for this stream.</summary>
    internal bool IsTouched { get; set; }

    /// <summary>The current batch opened its window.</summary>
    internal bool HasNewCredit { get; set; }

    /// <summary>Queued in the connection's <see cref="SendTurns"/>.</summary>
    internal bool IsWaitingTurn { get; set; }

    /// <summary>The request that opened the stream, until it is taken; server role.</summary>
    internal Http2Headers? Request { get; set; }

    /// <summary>
    /// The status of the answer, once <see cref="WaitResponseAsync"/> has returned true; client role.
    /// </summary>
    public int? Status { get; private set; }

    /// <summary>Why the stream broke; null while it works and when both ends finished in order.</summary>
    public ConnectionFailure? Failure { get; private set; }

    /// <summary>The peer will send nothing more, and everything it sent was consumed.</summary>
    public bool IsReceiveEnded => _isReceiveClosed && _received.Length == 0;

    /// <summary>We sent END_STREAM.</summary>
    public bool IsSendEnded { get; private set; }

    /// <summary>The peer takes nothing more from us: it reset the stream, or the tunnel is gone.</summary>
    public bool IsSendClosed { get; private set; }

    /// <summary>Payload bytes that may be sent now: the peer's windows, and nothing while the tunnel's socket is congested.</summary>
    public int SendCredit => IsSendClosed || Connection.Output.IsCongested ? 0 : Connection.Http2.SendCredit(Id);

    /// <summary>Server: the request that opened the stream, once. It is not kept: a stream lives much longer than it is routed.</summary>
    public Http2Headers TakeRequest()
    {
        Http2Headers request = Request ?? throw new InvalidOperationException("The request was taken before, or this is the client's end.");
        Request = null;
        return request;
    }

    /// <summary>Client: the header list of the answer, once. It is not kept: a stream lives much longer than it is answered.</summary>
    public Http2Headers TakeResponse()
    {
        Http2Headers response = _response ?? throw new InvalidOperationException("There is no answer, or it was taken before.");
        _response = null;
        return response;
    }

    /// <summary>Waits for the peer's answer; false when the stream failed first.</summary>
    public async ValueTask<bool> WaitResponseAsync()
    {
        while (!IsDecided)
        {
            await WaitChangeAsync();
        }

        return Status is not null;
    }

    /// <summary>Answers the CONNECT; with <paramref name="endStream"/> nothing follows.</summary>
    public void Respond(int status, Http2Headers headers, bool endStream)
    {
        if (IsSendClosed)
        {
            return;
        }

        Connection.Http2.SendResponse(Id, status, headers, endStream);
        IsSendEnded = endStream;
        Connection.Output.Schedule();
    }

    /// <summary>Payload that waits, oldest first; returns how many vectors were filled. Valid until the next await.</summary>
    public int PeekReceived(Span<IoVector> vectors) => _received.Peek(vectors);

    /// <summary>Takes bytes that were really written on, and so opens the peer's window again.</summary>
    public void Consume(int bytes)
    {
        _received.Consume(bytes);
        if (!Connection.IsClosed)
        {
            Connection.Http2.Release(Id, bytes);
            Connection.ScheduleIfOutput();
        }
    }

    /// <summary>Completes when payload, an end or a failure is there to be looked at.</summary>
    public ValueTask WaitReceivedAsync() =>
        _received.Length > 0 || _isReceiveClosed ? ValueTask.CompletedTask : _receivable.WaitAsync();

    /// <summary>Completes when <see cref="SendCredit"/> may have risen or sending was closed.</summary>
    public ValueTask WaitSendableAsync()
    {
        if (IsSendClosed)
        {
            return ValueTask.CompletedTask;
        }

        Connection.Turns.Add(this);
        return _sendable.WaitAsync();
    }

    /// <summary>
    /// Sends payload that lies behind the header room of consecutive slots (<see cref="TunnelOutput.SlotStride"/> apart), one frame a slot.
    /// </summary>
    internal unsafe void SendSlots(byte* slots, int payloadBytes)
    {
        while (payloadBytes > 0)
        {
            int payload = Math.Min(payloadBytes, TunnelOutput.FramePayload);
            int header = Connection.Http2.WriteDataHeader(slots, Id, payload, endStream: false);
            if (header == 0)
            {
                return;
            }

            Connection.Output.Send(slots, header + payload);
            slots += TunnelOutput.SlotStride;
            payloadBytes -= payload;
        }
    }

    /// <summary>Ends our direction with END_STREAM; idempotent.</summary>
    public void EndSend()
    {
        if (IsSendEnded || IsSendClosed)
        {
            return;
        }

        IsSendEnded = true;
        Connection.Http2.EndStream(Id);
        Connection.Output.Schedule();
    }

    /// <summary>Breaks the stream from our side: the peer gets RST_STREAM(CANCEL), whoever copies sees <paramref name="failure"/>.</summary>
    public void Abort(ConnectionFailure failure)
    {
        if (IsDisposed || (IsSendEnded && IsReceiveEnded))
        {
            return;
        }

        Failure ??= failure;
        IsSendEnded = false;
        Dispose();
    }

    /// <summary>
    /// Ends what is left of the stream: RST_STREAM(CANCEL), or NO_ERROR from a server that had finished sending (node-proxy 1.5).
    /// </summary>
    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        IsDisposed = true;
        int unread = _received.Length;
        _received.Clear();
        Connection.Retire(this, unread, isComplete: (IsSendEnded && _isReceiveClosed) || _isReset || (IsSendClosed && _isReceiveClosed));
        IsSendClosed = true;
        _isReceiveClosed = true;
        _receivable.Set();
        _sendable.Set();
    }

    /// <summary>The peer has answered, or will not.</summary>
    internal bool IsDecided => Status is not null || Failure is not null || _isReceiveClosed;

    /// <summary>Completes after a batch that brought something for this stream.</summary>
    internal ValueTask WaitChangeAsync() => _receivable.WaitAsync();

    /// <summary>Has whoever waits to receive look around.</summary>
    internal void WakeReceiver() => _receivable.Set();

    internal unsafe void OnData(byte* payload, int length) => _received.Append(payload, length);

    internal void OnResponse(Http2Headers response)
    {
        _response = response;
        Status = response.Status;
    }

    internal void OnReceiveEnd() => _isReceiveClosed = true;

    /// <summary>NO_ERROR and CANCEL end our receiving in order; every other code breaks the stream.</summary>
    internal void OnReset(Http2Error error)
    {
        _isReceiveClosed = true;
        IsSendClosed = true;
        if (error is not (Http2Error.NoError or Http2Error.Cancel))
        {
            // The HTTP/2 layer has given back what was received; nothing of a broken stream goes on.
            _received.Clear();
            _isReset = true;
            Failure ??= error == Http2Error.StreamClosed ? null : Connection.OfPeer(TunnelFailures.StreamReset(error));
        }
    }

    /// <summary>The connection has ended; <see cref="Deliver"/> follows.</summary>
    /// <returns>Whether the stream was cut short: not when both ends had finished, even if the reader has yet to take what came.</returns>
    internal bool Break(ConnectionFailure failure)
    {
        bool isCut = !(IsSendEnded || IsSendClosed) || !_isReceiveClosed;
        if (isCut)
        {
            Failure ??= failure;
        }

        _isReceiveClosed = true;
        IsSendClosed = true;
        return isCut;
    }

    internal void OnSendable() => _sendable.Set();

    /// <summary>The batch that touched this stream is decrypted: lets its users run, then keeps what the reader left.</summary>
    internal void Deliver()
    {
        _receivable.Set();
        if (HasNewCredit || IsSendClosed)
        {
            HasNewCredit = false;
            _sendable.Set();
        }

        if (!IsDisposed)
        {
            _received.KeepSegments(Loop.Buffers);
        }
    }
}
