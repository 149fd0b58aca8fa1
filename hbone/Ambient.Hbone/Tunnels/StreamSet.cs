using Ambient.Hbone.Http2;
using Ambient.Transport.Lifetime;
using Ambient.Transport.Loops;

namespace Ambient.Hbone.Tunnels;

/// <summary>
/// The streams of one tunnel and what a batch brought them. Events only take note: readers, writers and acceptors run in <see cref="Deliver"/>,
/// after the batch is decrypted, so that nothing they do reaches into the HTTP/2 layer while it reads.
/// </summary>
internal sealed class StreamSet(TunnelConnection connection) : IHttp2Events
{
    private readonly Dictionary<int, TunnelStream> _byId = [];
    private readonly List<TunnelStream> _touched = [];
    private readonly Queue<TunnelStream> _requests = new();
    private readonly LoopSignal _requestArrived = new();
    private bool _isConnectionWritable;

    /// <summary>Not yet disposed by their users.</summary>
    public int Count => _byId.Count;

    public void Add(TunnelStream stream) => _byId.Add(stream.Id, stream);

    /// <returns>False when the stream had left before.</returns>
    public bool Remove(TunnelStream stream) => _byId.Remove(stream.Id);

    /// <summary>The next request, or null once the connection is closed and all were taken.</summary>
    public async ValueTask<TunnelStream?> NextRequestAsync()
    {
        while (true)
        {
            if (_requests.TryDequeue(out TunnelStream? request))
            {
                return request;
            }

            if (connection.IsClosed)
            {
                return null;
            }

            await _requestArrived.WaitAsync();
        }
    }

    /// <summary>The batch is decrypted: everybody for whom it brought something runs once.</summary>
    public void Deliver()
    {
        for (int i = 0; i < _touched.Count; i++)
        {
            TunnelStream stream = _touched[i];
            stream.IsTouched = false;
            stream.Deliver();
        }

        _touched.Clear();
        if (_isConnectionWritable)
        {
            _isConnectionWritable = false;
            connection.Turns.Wake(connection.Output);
        }

        if (_requests.Count > 0)
        {
            _requestArrived.Set();
        }
    }

    /// <summary>The connection has ended. All streams know before the first of their users runs.</summary>
    /// <returns>Whether a stream was cut short.</returns>
    public bool Break(ConnectionFailure failure)
    {
        TunnelStream[] streams = [.. _byId.Values];
        bool isAnyCut = false;
        foreach (TunnelStream stream in streams)
        {
            isAnyCut |= stream.Break(failure);
        }

        foreach (TunnelStream stream in streams)
        {
            stream.Deliver();
        }

        _requestArrived.Set();
        return isAnyCut;
    }

    void IHttp2Events.OnRequest(int streamId, Http2Headers headers, bool endStream)
    {
        TunnelStream stream = new(connection, streamId) { Request = headers };
        _byId.Add(streamId, stream);
        _requests.Enqueue(stream);
        if (endStream)
        {
            stream.OnReceiveEnd();
        }
    }

    void IHttp2Events.OnResponse(int streamId, Http2Headers headers, bool endStream)
    {
        if (Touch(streamId) is { } stream)
        {
            stream.OnResponse(headers);
            if (endStream)
            {
                stream.OnReceiveEnd();
            }
        }
    }

    unsafe void IHttp2Events.OnData(int streamId, byte* payload, int length, bool endStream)
    {
        if (Touch(streamId) is not { } stream)
        {
            connection.Http2.Release(streamId, length);
            return;
        }

        stream.OnData(payload, length);
        if (endStream)
        {
            stream.OnReceiveEnd();
        }
    }

    void IHttp2Events.OnReset(int streamId, Http2Error error) => Touch(streamId)?.OnReset(error);

    void IHttp2Events.OnWritable(int streamId)
    {
        if (streamId == 0)
        {
            _isConnectionWritable = true;
        }
        else if (Touch(streamId) is { } stream)
        {
            stream.HasNewCredit = true;
        }
    }

    void IHttp2Events.OnGoAway(int lastStreamId, Http2Error error) => connection.OnGoAway(error);

    void IHttp2Events.OnPong(long payload) => connection.Keepalive.OnPong(payload);

    void IHttp2Events.OnPeerSettings()
    {
    }

    private TunnelStream? Touch(int streamId)
    {
        if (_byId.TryGetValue(streamId, out TunnelStream? stream) && !stream.IsTouched)
        {
            stream.IsTouched = true;
            _touched.Add(stream);
        }

        return stream;
    }
}
