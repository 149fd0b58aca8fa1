using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Ambient.Ztunnel.Socks;

/// <summary>
/// A SOCKS5 client's side of the handshake (RFC 1928), without I/O. It says how many bytes it needs next and is fed exactly those, so that not one
/// byte of what the application sends behind its request is taken. At most 519 bytes in all.
/// </summary>
internal sealed class SocksParser
{
    /// <summary>The longest piece it ever asks for: a list of methods, or a host name with its port.</summary>
    public const int MaxNeeded = 257;

    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte Connect = 1;
    private const byte IPv4Type = 1;
    private const byte DomainType = 3;
    private const byte IPv6Type = 4;
    private const int PortBytes = 2;

    private Piece _piece = Piece.Greeting;
    private byte _addressType;

    /// <summary>Bytes to feed next; 0 when nothing more is taken.</summary>
    public int Needed { get; private set; } = 2;

    /// <summary>Of a complete request.</summary>
    public SocksTarget Target { get; private set; }

    /// <summary>What the client did wrong; never what it sent, which may be anything.</summary>
    public string? Problem { get; private set; }

    private enum Piece
    {
        Greeting,
        Methods,
        Request,
        DomainLength,
        Address,
        End,
    }

    /// <param name="bytes">Exactly <see cref="Needed"/> of them.</param>
    public SocksStep Feed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Needed || Needed == 0)
        {
            throw new ArgumentException($"{bytes.Length} bytes in place of {Needed}", nameof(bytes));
        }

        return _piece switch
        {
            Piece.Greeting => ReadGreeting(bytes),
            Piece.Methods => bytes.Contains(NoAuthentication)
                ? Next(Piece.Request, 4, SocksStep.AnswerMethod)
                : Refuse("the client insists on authentication"),
            Piece.Request => ReadRequest(bytes),
            Piece.DomainLength => bytes[0] == 0 ? Refuse("the host name is empty") : Next(Piece.Address, bytes[0] + PortBytes),
            _ => ReadAddress(bytes),
        };
    }

    private SocksStep ReadGreeting(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != Version)
        {
            return Refuse("the client does not speak SOCKS version 5");
        }

        return bytes[1] == 0 ? Refuse("the client offers no authentication method") : Next(Piece.Methods, bytes[1]);
    }

    private SocksStep ReadRequest(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != Version)
        {
            return Refuse("the request is not of SOCKS version 5");
        }

        if (bytes[1] != Connect)
        {
            return Refuse("the client asks for something else than CONNECT");
        }

        _addressType = bytes[3];
        return _addressType switch
        {
            IPv4Type => Next(Piece.Address, 4 + PortBytes),
            IPv6Type => Next(Piece.Address, 16 + PortBytes),
            DomainType => Next(Piece.DomainLength, 1),
            _ => Refuse("the client names its destination in an unknown way"),
        };
    }

    private SocksStep ReadAddress(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> address = bytes[..^PortBytes];
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[^PortBytes..]);
        if (_addressType != DomainType)
        {
            IPAddress ip = new(address);
            Target = new SocksTarget(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, null, port);
        }
        else if (IsHostname(address))
        {
            Target = new SocksTarget(null, Encoding.ASCII.GetString(address), port);
        }
        else
        {
            return Refuse("the host name holds characters that no host name has");
        }

        return Next(Piece.End, 0, SocksStep.Requested);
    }

    private static bool IsHostname(ReadOnlySpan<byte> name)
    {
        foreach (byte character in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)'-' or (byte)'.' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }

    private SocksStep Next(Piece piece, int needed, SocksStep step = SocksStep.NeedMore)
    {
        _piece = piece;
        Needed = needed;
        return step;
    }

    private SocksStep Refuse(string problem)
    {
        Problem = problem;
        return Next(Piece.End, 0, SocksStep.Refused);
    }
}
