using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.ControlPlane.Serving;

/// <summary>Reads the URIs among the alternative names of a certificate (RFC 5280 4.2.1.6). Pure.</summary>
public static class UriNames
{
    private const string AlternativeNames = "2.5.29.17";

    private static readonly Asn1Tag UniformResourceIdentifier = new(TagClass.ContextSpecific, 6);

    /// <exception cref="AsnContentException">The extension cannot be read.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (X509Extension extension in certificate.Extensions.Where(extension => extension.Oid?.Value == AlternativeNames))
        {
            names.AddRange(Read(extension.RawData));
        }

        return names;
    }

    /// <exception cref="AsnContentException">The bytes are not a list of names.</exception>
    public static IReadOnlyList<string> Read(ReadOnlyMemory<byte> encoded)
    {
        List<string> names = [];
        AsnReader outer = new(encoded, AsnEncodingRules.DER);
        AsnReader list = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        while (list.HasData)
        {
            if (list.PeekTag().HasSameClassAndValue(UniformResourceIdentifier))
            {
                names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, UniformResourceIdentifier));
            }
            else
            {
                list.ReadEncodedValue();
            }
        }

        return names;
    }
}
