using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Certs;

/// <summary>
/// URI subject alternative names (RFC 5280 4.2.1.6). The class library would pass them through <see cref="Uri"/>, which
/// changes letter case and paths, so two different identities could look equal.
/// </summary>
internal static class UriNames
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>A critical extension with exactly this URI.</summary>
    public static X509Extension Build(string uri)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, UriTag);
        }

        return new X509Extension(SubjectAlternativeName, writer.Encode(), critical: true);
    }

    /// <exception cref="CryptographicException">The extension is malformed.</exception>
    public static IReadOnlyList<string> Read(X509Certificate2 certificate)
    {
        var names = new List<string>();
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
        {
            return names;
        }

        try
        {
            var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (sequence.HasData)
            {
                if (sequence.PeekTag().HasSameClassAndValue(UriTag))
                {
                    names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException failure)
        {
            throw new CryptographicException("the subject alternative name is malformed", failure);
        }

        return names;
    }
}
