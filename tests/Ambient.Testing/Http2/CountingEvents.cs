using Ambient.Hbone.Http2;

namespace Ambient.Testing.Http2;

/// <summary>Counts and allocates nothing, for tests that measure.</summary>
public sealed class CountingEvents : IHttp2Events
{
    public long Bytes { get; private set; }

    public long Chunks { get; private set; }

    public int Requests { get; private set; }

    public int Resets { get; private set; }

    public void OnRequest(int streamId, Http2Headers headers, bool endStream) => Requests++;

    public void OnResponse(int streamId, Http2Headers headers, bool endStream) => Requests++;

    public unsafe void OnData(int streamId, byte* payload, int length, bool endStream)
    {
        Bytes += length;
        Chunks++;
    }

    public void OnReset(int streamId, Http2Error error) => Resets++;

    public void OnWritable(int streamId)
    {
    }

    public void OnGoAway(int lastStreamId, Http2Error error)
    {
    }

    public void OnPong(long payload)
    {
    }

    public void OnPeerSettings()
    {
    }
}
