using System.Buffers;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>Checks of single header fields that hold for requests, responses and trailers alike (RFC 9113 8.2).</summary>
internal static class MessageRules
{
    // RFC 9113 8.2.1 forbids 0x00-0x20, upper case, 0x7f-0xff, and a colon anywhere but in front; the rest of what RFC 9110 5.6.2
    // leaves out of a token is refused too, since such a name cannot come from a well-meaning peer.
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> MethodBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> ForbiddenValueBytes = SearchValues.Create("\0\r\n"u8);

    public static bool IsValidName(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> token = name.Length > 1 && name[0] == ':' ? name[1..] : name;
        return !token.IsEmpty && !token.ContainsAnyExcept(NameBytes);
    }

    public static bool IsValidValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return true;
        }

        return !IsBlank(value[0]) && !IsBlank(value[^1]) && !value.ContainsAny(ForbiddenValueBytes);
    }

    public static bool IsValidMethod(ReadOnlySpan<byte> method) => !method.IsEmpty && !method.ContainsAnyExcept(MethodBytes);

    /// <summary>100 to 999, or 0 when the value is not three digits.</summary>
    public static int ParseStatus(ReadOnlySpan<byte> value)
    {
        if (value.Length != 3 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9') || value[0] == '0')
        {
            return 0;
        }

        return ((value[0] - '0') * 100) + ((value[1] - '0') * 10) + (value[2] - '0');
    }

    /// <summary>Fields that RFC 9113 8.2.2 bans because they speak of an HTTP/1.1 connection.</summary>
    public static bool IsConnectionSpecific(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => name.Length switch
    {
        2 => name.SequenceEqual("te"u8) && !value.SequenceEqual("trailers"u8),
        7 => name.SequenceEqual("upgrade"u8),
        10 => name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8),
        16 => name.SequenceEqual("proxy-connection"u8),
        17 => name.SequenceEqual("transfer-encoding"u8),
        _ => false,
    };

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';
}
