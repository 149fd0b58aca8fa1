using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Ambient.Certs.Revocation;

/// <summary>
/// Parses a file of revocation lists: any number in PEM, or one in DER; empty is none (node-proxy 5.6). A file is taken whole or not at
/// all, and what is not understood and marked critical is refused, so that nothing revoked is overlooked.
/// </summary>
internal static class RevocationListParser
{
    public const int MaxFileBytes = 64 * 1024 * 1024;
    public const int MaxLists = 1024;
    public const int MaxEntries = 1_000_000;

    private const byte SequenceTag = 0x30;
    private const string PemLabel = "X509 CRL";
    private const string PemBegin = "-----BEGIN X509 CRL-----";

    /// <exception cref="RevocationFormatException">Something in the file is not a revocation list that can be enforced.</exception>
    public static IReadOnlyList<RevocationList> Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxFileBytes)
        {
            throw new RevocationFormatException($"the file has {file.Length} bytes; at most {MaxFileBytes} are taken");
        }

        try
        {
            int entries = 0;
            return file.Length > 0 && file[0] == SequenceTag ? [ParseDer(file.ToArray(), ref entries)] : ParsePem(file);
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException or FormatException or ArgumentException)
        {
            throw new RevocationFormatException($"it is not a list of RFC 5280: {failure.Message}", failure);
        }
    }

    private static List<RevocationList> ParsePem(ReadOnlySpan<byte> file)
    {
        // Comments of any encoding may stand between the blocks; Latin-1 keeps every byte one character.
        ReadOnlySpan<char> text = Encoding.Latin1.GetString(file);
        int expected = text.Count(PemBegin);
        if (expected == 0)
        {
            return text.IsWhiteSpace() ? [] : throw new RevocationFormatException("it holds no 'X509 CRL' block and is not empty");
        }

        if (expected > MaxLists)
        {
            throw new RevocationFormatException($"it holds {expected} lists; at most {MaxLists} are taken");
        }

        var lists = new List<RevocationList>(expected);
        int entries = 0;
        while (PemEncoding.TryFind(text, out PemFields fields))
        {
            if (text[fields.Label] is PemLabel)
            {
                byte[] der = new byte[fields.DecodedDataLength];
                Convert.TryFromBase64Chars(text[fields.Base64Data], der, out int length);
                lists.Add(ParseDer(der.AsMemory(0, length), ref entries));
            }

            text = text[fields.Location.End..];
        }

        return lists.Count == expected
            ? lists
            : throw new RevocationFormatException($"{expected} lists begin in it, {lists.Count} of them are whole");
    }

    private static RevocationList ParseDer(ReadOnlyMemory<byte> der, ref int entries)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        AsnReader list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> content = list.PeekEncodedValue();
        AsnReader body = list.ReadSequence();
        string algorithm = ReadAlgorithm(list);
        byte[] signature = list.ReadBitString(out _);
        list.ThrowIfNotEmpty();
        if (!SignedContent.IsKnown(algorithm))
        {
            throw new RevocationFormatException($"a list is signed with the algorithm {algorithm}; ECDSA or RSA with SHA-2 are understood");
        }

        ReadVersion(body);
        if (ReadAlgorithm(body) != algorithm)
        {
            throw new RevocationFormatException("a list names two signature algorithms");
        }

        byte[] issuer = body.ReadEncodedValue().ToArray();
        ReadTimes(body);
        HashSet<SerialNumber> revoked = ReadEntries(body, ref entries);
        ReadExtensions(body);
        body.ThrowIfNotEmpty();
        return new RevocationList(issuer, revoked, new SignedContent(content.ToArray(), algorithm, signature));
    }

    private static void ReadVersion(AsnReader body)
    {
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            if (!body.TryReadInt32(out int version) || version != 1)
            {
                throw new RevocationFormatException("a list has an unknown version");
            }
        }
    }

    private static string ReadAlgorithm(AsnReader reader) => reader.ReadSequence().ReadObjectIdentifier();

    /// <summary>thisUpdate and nextUpdate; neither is enforced.</summary>
    private static void ReadTimes(AsnReader body)
    {
        for (int i = 0; i < 2; i++)
        {
            if (i == 0 || (body.HasData && IsTime(body.PeekTag())))
            {
                ReadTime(body);
            }
        }
    }

    private static bool IsTime(Asn1Tag tag) =>
        tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static void ReadTime(AsnReader reader)
    {
        if (reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime))
        {
            reader.ReadUtcTime();
        }
        else
        {
            reader.ReadGeneralizedTime();
        }
    }

    private static HashSet<SerialNumber> ReadEntries(AsnReader body, ref int entries)
    {
        var revoked = new HashSet<SerialNumber>();
        if (!body.HasData || !body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return revoked;
        }

        AsnReader list = body.ReadSequence();
        while (list.HasData)
        {
            if (++entries > MaxEntries)
            {
                throw new RevocationFormatException($"it revokes more than {MaxEntries} certificates");
            }

            AsnReader entry = list.ReadSequence();
            revoked.Add(ReadSerial(entry));
            ReadTime(entry);
            if (entry.HasData)
            {
                RevocationExtensions.CheckEntry(entry.ReadSequence());
            }

            entry.ThrowIfNotEmpty();
        }

        return revoked;
    }

    private static SerialNumber ReadSerial(AsnReader entry)
    {
        ReadOnlySpan<byte> content = entry.ReadIntegerBytes().Span;
        return SerialNumber.TryCreate(content, out SerialNumber serial)
            ? serial
            : throw new RevocationFormatException($"it revokes a serial number of {content.Length} bytes; RFC 5280 allows 20");
    }

    private static void ReadExtensions(AsnReader body)
    {
        if (body.HasData)
        {
            AsnReader wrapped = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            RevocationExtensions.CheckList(wrapped.ReadSequence());
            wrapped.ThrowIfNotEmpty();
        }
    }
}
