using Ambient.Hbone.Http2;

namespace Ambient.Testing.Http2;

/// <summary>
/// Writes down what a connection reports, one line per event. Chunks of one stream that follow one another become one line, so that
/// the record does not depend on how the input was cut.
/// </summary>
public sealed class RecordingEvents : IHttp2Events
{
    private readonly Dictionary<int, MemoryStream> _data = [];
    private (int StreamId, int Length)? _openChunk;

    public List<string> Log { get; } = [];

    public Dictionary<int, Http2Headers> Headers { get; } = [];

    /// <summary>Set to act from within events.</summary>
    public Http2Connection? Connection { get; set; }

    public bool ReleasesAtOnce { get; set; }

    /// <summary>The status to answer requests with; 0 for none.</summary>
    public int AnswersWith { get; set; }

    public Action<int>? WhenRequest { get; set; }

    public Action<int>? WhenData { get; set; }

    public Action<int>? WhenReset { get; set; }

    public Action<int>? WhenWritable { get; set; }

    public byte[] DataOf(int streamId) => _data.TryGetValue(streamId, out MemoryStream? data) ? data.ToArray() : [];

    public void OnRequest(int streamId, Http2Headers headers, bool endStream)
    {
        Headers[streamId] = headers;
        Add($"request {streamId} {headers.Method} {headers.Authority}{End(endStream)}");
        if (AnswersWith != 0)
        {
            Connection!.SendResponse(streamId, AnswersWith, null, endStream: false);
        }

        WhenRequest?.Invoke(streamId);
    }

    public void OnResponse(int streamId, Http2Headers headers, bool endStream)
    {
        Headers[streamId] = headers;
        Add($"response {streamId} {headers.Status}{End(endStream)}");
    }

    public unsafe void OnData(int streamId, byte* payload, int length, bool endStream)
    {
        if (!_data.TryGetValue(streamId, out MemoryStream? data))
        {
            _data[streamId] = data = new MemoryStream();
        }

        data.Write(new ReadOnlySpan<byte>(payload, length));
        int total = length;
        if (_openChunk is { } open && open.StreamId == streamId)
        {
            total += open.Length;
            Log.RemoveAt(Log.Count - 1);
        }

        Add($"data {streamId} {total}{End(endStream)}");
        _openChunk = endStream ? null : (streamId, total);
        if (ReleasesAtOnce)
        {
            Connection!.Release(streamId, length);
        }

        WhenData?.Invoke(streamId);
    }

    public void OnReset(int streamId, Http2Error error)
    {
        Add($"reset {streamId} {error}");
        WhenReset?.Invoke(streamId);
    }

    public void OnWritable(int streamId)
    {
        Add($"writable {streamId}");
        WhenWritable?.Invoke(streamId);
    }

    public void OnGoAway(int lastStreamId, Http2Error error) => Add($"goaway {lastStreamId} {error}");

    public void OnPong(long payload) => Add($"pong {payload}");

    public void OnPeerSettings() => Add("settings");

    private static string End(bool endStream) => endStream ? " end" : string.Empty;

    private void Add(string line)
    {
        _openChunk = null;
        Log.Add(line);
    }
}
