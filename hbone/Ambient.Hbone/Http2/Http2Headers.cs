using System.Text;
using Ambient.Hbone.Http2.Messages;

namespace Ambient.Hbone.Http2;

/// <summary>
/// A header list in wire order, pseudo headers first. All bytes lie in one array: a request costs three objects, and no string is
/// made until one is asked for.
/// </summary>
public sealed class Http2Headers
{
    private byte[] _bytes;
    private (int Name, int Value)[] _lengths;
    private int _used;

    public Http2Headers()
    {
        _bytes = [];
        _lengths = [];
    }

    internal Http2Headers(ReadOnlySpan<byte> bytes, ReadOnlySpan<(int Name, int Value)> lengths)
    {
        _bytes = bytes.ToArray();
        _lengths = lengths.ToArray();
        _used = bytes.Length;
        Count = lengths.Length;
    }

    public int Count { get; private set; }

    /// <summary>The value of :method, or null in a response.</summary>
    public string? Method => Find(":method"u8);

    /// <summary>The value of :authority, or null when it is absent.</summary>
    public string? Authority => Find(":authority"u8);

    /// <summary>The value of :status, or 0 in a request.</summary>
    public int Status => TryGet(":status"u8, out ReadOnlySpan<byte> value) ? MessageRules.ParseStatus(value) : 0;

    /// <summary>The pseudo headers of a classic CONNECT (RFC 9113 8.5): no :scheme, no :path.</summary>
    public static Http2Headers ForConnect(string authority)
    {
        Http2Headers headers = new();
        headers.Add(":method"u8, "CONNECT"u8);
        headers.Add(":authority", authority);
        return headers;
    }

    /// <summary>The field lines in order; a name may come more than once.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <exception cref="ArgumentException">The name or value may not stand in an HTTP/2 header (RFC 9113 8.2.1), such as one with a line break.</exception>
    public void Add(string name, string value) => Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    /// <inheritdoc cref="Add(string, string)"/>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!MessageRules.IsValidName(name) || !MessageRules.IsValidValue(value))
        {
            throw new ArgumentException($"not a valid header field: {Encoding.UTF8.GetString(name)}");
        }

        int needed = _used + name.Length + value.Length;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, Math.Max(256, _bytes.Length * 2)));
        }

        if (Count == _lengths.Length)
        {
            Array.Resize(ref _lengths, Math.Max(8, Count * 2));
        }

        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _used = needed;
        _lengths[Count++] = (name.Length, value.Length);
    }

    /// <summary>The first field of that name; names are lower case.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (Http2HeaderField field in this)
        {
            if (field.Name.SequenceEqual(name))
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The first value of that name as Latin-1 text, which keeps every byte; null when there is none.</summary>
    public string? Find(ReadOnlySpan<byte> name) => TryGet(name, out ReadOnlySpan<byte> value) ? Encoding.Latin1.GetString(value) : null;

    /// <summary>Every value of that name, in order, as Latin-1 text.</summary>
    public List<string> FindAll(ReadOnlySpan<byte> name)
    {
        List<string> values = [];
        foreach (Http2HeaderField field in this)
        {
            if (field.Name.SequenceEqual(name))
            {
                values.Add(Encoding.Latin1.GetString(field.Value));
            }
        }

        return values;
    }

    /// <summary>Walks the fields without allocating.</summary>
    public ref struct Enumerator
    {
        private readonly Http2Headers _headers;
        private int _index;
        private int _offset;

        internal Enumerator(Http2Headers headers)
        {
            _headers = headers;
            _index = -1;
        }

        public readonly Http2HeaderField Current
        {
            get
            {
                (int name, int value) = _headers._lengths[_index];
                ReadOnlySpan<byte> bytes = _headers._bytes;
                return new Http2HeaderField(bytes.Slice(_offset, name), bytes.Slice(_offset + name, value));
            }
        }

        public bool MoveNext()
        {
            if (_index >= 0 && _index < _headers.Count)
            {
                (int name, int value) = _headers._lengths[_index];
                _offset += name + value;
            }

            return ++_index < _headers.Count;
        }
    }
}
