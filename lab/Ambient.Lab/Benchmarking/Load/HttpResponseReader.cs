namespace Ambient.Lab.Benchmarking.Load;

/// <summary>Follows one HTTP/1.x response to its end, however it is split. Holds the head, never the body.</summary>
internal sealed class HttpResponseReader
{
    public const int MaxHeadBytes = 16 * 1024;

    private readonly byte[] _head = new byte[MaxHeadBytes];
    private int _headLength;
    private HttpResponseHead? _parsed;
    private long _remaining;
    private ChunkedBody _chunks;

    /// <summary>0 until the head is complete.</summary>
    public int Status => _parsed?.Status ?? 0;

    /// <summary>The connection cannot carry another request.</summary>
    public bool ClosesConnection => _parsed is null or { ClosesConnection: true } || IsEndedByClose;

    /// <summary>What is wrong, once reading has failed.</summary>
    public string Fault { get; private set; } = "";

    private bool IsEndedByClose => _parsed is { HasNoBody: false, IsChunked: false, ContentLength: null };

    public void Reset()
    {
        _headLength = 0;
        _parsed = null;
        _remaining = 0;
        _chunks = default;
        Fault = "";
    }

    /// <summary>Takes what arrived. Bytes behind the end of the response are a fault, since nothing was asked for them.</summary>
    public HttpReadStatus Read(ReadOnlySpan<byte> bytes)
    {
        while (_parsed is null)
        {
            HttpReadStatus head = ReadHead(ref bytes);
            if (head != HttpReadStatus.Completed)
            {
                return head;
            }
        }

        HttpReadStatus status = ReadBody(ref bytes);
        return status == HttpReadStatus.Completed && !bytes.IsEmpty ? Fail("bytes follow the end of the answer") : status;
    }

    /// <summary>The server has stopped sending.</summary>
    public HttpReadStatus ReadEnd() =>
        IsEndedByClose ? HttpReadStatus.Completed
        : Fail(_headLength == 0 ? "the connection was closed without an answer" : "the answer was cut short");

    private HttpReadStatus ReadHead(ref ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, MaxHeadBytes - _headLength);
        bytes[..taken].CopyTo(_head.AsSpan(_headLength));
        int searchFrom = Math.Max(0, _headLength - 3);
        int end = _head.AsSpan(searchFrom, _headLength + taken - searchFrom).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _headLength += taken;
            bytes = bytes[taken..];
            return _headLength == MaxHeadBytes ? Fail($"the answer's head is longer than {MaxHeadBytes} bytes") : HttpReadStatus.NeedMore;
        }

        int length = searchFrom + end + 4;
        bytes = bytes[(length - _headLength)..];
        if (HttpResponseHead.Parse(_head.AsSpan(0, length)) is not { } head)
        {
            return Fail("the answer is not HTTP/1.1");
        }

        _headLength = head.IsInterim ? 0 : length;
        _parsed = head.IsInterim ? null : head;
        _remaining = head.ContentLength ?? 0;
        return HttpReadStatus.Completed;
    }

    private HttpReadStatus ReadBody(ref ReadOnlySpan<byte> bytes)
    {
        if (_parsed!.Value.HasNoBody)
        {
            return HttpReadStatus.Completed;
        }

        if (_parsed.Value.IsChunked)
        {
            HttpReadStatus status = _chunks.Read(ref bytes);
            return status == HttpReadStatus.Failed ? Fail("a chunk of the answer has no length") : status;
        }

        if (IsEndedByClose)
        {
            bytes = default;
            return HttpReadStatus.NeedMore;
        }

        int taken = (int)Math.Min(_remaining, bytes.Length);
        bytes = bytes[taken..];
        _remaining -= taken;
        return _remaining == 0 ? HttpReadStatus.Completed : HttpReadStatus.NeedMore;
    }

    private HttpReadStatus Fail(string fault)
    {
        Fault = fault;
        return HttpReadStatus.Failed;
    }
}
