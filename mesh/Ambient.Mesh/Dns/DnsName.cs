using System.Buffers;
using System.Text;

namespace Ambient.Mesh.Dns;

/// <summary>
/// A domain name as it is on the wire without compression (RFC 1035 3.1): the spelling is kept, so that an answer repeats it, and
/// comparison ignores the case of ASCII letters (RFC 4343). Immutable.
/// </summary>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Of a whole name in wire form, final zero included (RFC 1035 2.3.4).</summary>
    public const int MaxBytes = 255;

    public const int MaxLabelBytes = 63;

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*");

    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    public static DnsName Root { get; } = new([0]);

    /// <summary>Length bytes and labels, with the final zero.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    public bool IsRoot => _wire.Length == 1;

    /// <summary>A host name: letters, digits, hyphen, underscore and asterisk in labels; a final dot may be left out.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DnsName name)
    {
        name = Root;
        text = text.Length > 0 && text[^1] == '.' ? text[..^1] : text;
        if (text.Length is 0 or > MaxBytes - 2)
        {
            return false;
        }

        byte[] wire = new byte[text.Length + 2];
        int at = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> label = text[range];
            if (label.Length is 0 or > MaxLabelBytes || label.ContainsAnyExcept(HostCharacters))
            {
                return false;
            }

            wire[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, wire.AsSpan(at));
        }

        name = new DnsName(wire);
        return true;
    }

    /// <summary>The name that a CNAME or PTR record holds, as the reader checked it.</summary>
    public static DnsName OfData(DnsRecord record) => FromWire(record.Data.Span);

    /// <summary>
    /// The name as service names are written: lower case, no final dot. Null for the root and for a name with bytes that no host name
    /// has, a dot inside a label among them: such a name must not be taken for another one.
    /// </summary>
    public string? ToHostname()
    {
        if (IsRoot)
        {
            return null;
        }

        Span<char> text = stackalloc char[MaxBytes];
        int length = 0;
        for (int at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            if (at > 0)
            {
                text[length++] = '.';
            }

            foreach (byte octet in _wire.AsSpan(at + 1, _wire[at]))
            {
                if (!HostCharacters.Contains((char)octet))
                {
                    return null;
                }

                text[length++] = char.ToLowerInvariant((char)octet);
            }
        }

        return new string(text[..length]);
    }

    /// <summary>For logs: labels with a dot behind each, other bytes than printable ASCII as <c>\DDD</c> (RFC 1035 5.1).</summary>
    public override string ToString()
    {
        if (IsRoot)
        {
            return ".";
        }

        StringBuilder text = new(_wire.Length);
        for (int at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            foreach (byte octet in _wire.AsSpan(at + 1, _wire[at]))
            {
                _ = octet switch
                {
                    (byte)'.' or (byte)'\\' or (byte)'"' => text.Append('\\').Append((char)octet),
                    > 0x20 and < 0x7F => text.Append((char)octet),
                    _ => text.Append('\\').Append(octet.ToString("D3")),
                };
            }

            text.Append('.');
        }

        return text.ToString();
    }

    public bool Equals(DnsName? other)
    {
        if (other is null || other._wire.Length != _wire.Length)
        {
            return false;
        }

        for (int index = 0; index < _wire.Length; index++)
        {
            if (Folded(_wire[index]) != Folded(other._wire[index]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (byte octet in _wire)
        {
            hash.Add(Folded(octet));
        }

        return hash.ToHashCode();
    }

    /// <summary>A length byte is below all letters.</summary>
    private static byte Folded(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;

    /// <param name="wire">Checked already.</param>
    internal static DnsName FromWire(ReadOnlySpan<byte> wire) => wire.Length == 1 ? Root : new DnsName(wire.ToArray());
}
