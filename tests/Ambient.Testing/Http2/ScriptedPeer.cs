using Ambient.Hbone.Http2;
using Xunit;

namespace Ambient.Testing.Http2;

/// <summary>The other end of one connection, speaking in frames made by hand.</summary>
public sealed class ScriptedPeer
{
    private ScriptedPeer(Http2Role role, Http2Options options)
    {
        Events = new RecordingEvents();
        Connection = new Http2Connection(role, options, Events);
        Events.Connection = Connection;
    }

    public Http2Connection Connection { get; }

    public RecordingEvents Events { get; }

    /// <summary>A client's script against a server whose handshake is done.</summary>
    public static ScriptedPeer OfServer(Http2Options? options = null)
    {
        ScriptedPeer peer = FreshServer(options);
        peer.Send(FrameBytes.Preface, FrameBytes.Settings(), FrameBytes.SettingsAck);
        peer.Forget();
        return peer;
    }

    public static ScriptedPeer FreshServer(Http2Options? options = null)
    {
        ScriptedPeer peer = new(Http2Role.Server, options ?? Http2Options.ForServer);
        peer.Connection.Start();
        return peer;
    }

    /// <summary>A server's script against a client whose handshake is done.</summary>
    public static ScriptedPeer OfClient(Http2Options? options = null)
    {
        ScriptedPeer peer = FreshClient(options);
        peer.Send(FrameBytes.Settings(), FrameBytes.SettingsAck);
        peer.Forget();
        return peer;
    }

    public static ScriptedPeer FreshClient(Http2Options? options = null)
    {
        ScriptedPeer peer = new(Http2Role.Client, options ?? Http2Options.ForClient);
        peer.Connection.Start();
        return peer;
    }

    public int Open(string authority = "10.0.0.1:80")
    {
        int streamId = Connection.OpenStream(Http2Headers.ForConnect(authority));
        Assert.True(streamId > 0);
        return streamId;
    }

    /// <summary>A client's stream that has its 200 and nothing waiting to be taken.</summary>
    public int OpenTunnel()
    {
        int streamId = Open();
        Send(FrameBytes.Response(streamId));
        Forget();
        return streamId;
    }

    /// <summary>A server's stream that has been answered with 200.</summary>
    public void AcceptTunnel(int streamId)
    {
        Send(FrameBytes.Connect(streamId));
        Connection.SendResponse(streamId, 200, null, endStream: false);
        Forget();
    }

    public unsafe void Send(params byte[][] parts)
    {
        foreach (byte[] part in parts)
        {
            fixed (byte* bytes = part)
            {
                Connection.Receive(bytes, part.Length);
            }
        }
    }

    /// <summary>The frames sent since the last call.</summary>
    public List<Http2Frame> Take()
    {
        ReadOnlySpan<byte> output = Connection.Output.Span;
        if (output.StartsWith(FrameBytes.Preface))
        {
            output = output[24..];
        }

        List<Http2Frame> frames = Http2Frame.ParseAll(output);
        Connection.Output.Clear();
        return frames;
    }

    public void Forget()
    {
        Take();
        Events.Log.Clear();
    }

    /// <summary>Sends a DATA frame of the connection, payload left out; false when the stream is gone.</summary>
    public unsafe bool WriteData(int streamId, int length, bool endStream = false)
    {
        byte* header = stackalloc byte[9];
        return Connection.WriteDataHeader(header, streamId, length, endStream) == 9;
    }

    public void AssertConnectionError(Http2Error error)
    {
        Assert.NotNull(Connection.Failure);
        Assert.Equal(error, Connection.Failure.Error);
        Http2Frame last = Take()[^1];
        Assert.Equal(Http2Frame.GoAway, last.Type);
        Assert.Equal((int)error, last.SecondInt);
    }

    /// <summary>That stream, and nothing else, was ended with that code.</summary>
    public void AssertStreamError(int streamId, Http2Error error)
    {
        Assert.Null(Connection.Failure);
        Http2Frame reset = Assert.Single(Take(), frame => frame.Type == Http2Frame.Reset);
        Assert.Equal(streamId, reset.StreamId);
        Assert.Equal((int)error, reset.FirstInt);
        Send(FrameBytes.Ping(1));
        Assert.Equal(Http2Frame.Ping, Assert.Single(Take()).Type);
    }

    public void AssertNoError()
    {
        Assert.Null(Connection.Failure);
        Assert.DoesNotContain(Take(), frame => frame.Type is Http2Frame.Reset or Http2Frame.GoAway);
    }
}
