using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Ambient.Certs.Revocation;

/// <summary>
/// Reads from a verified chain what revocation needs. The trust anchor itself is not part of the path: nobody above it could revoke it.
/// </summary>
internal static class CertificatePath
{
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);

    /// <param name="verifiedChainDer">Leaf first, trust anchor last; never what the peer merely presented.</param>
    /// <param name="issuers">Issuers seen before, so that thousands of paths share one.</param>
    /// <exception cref="CryptographicException">A certificate does not have the form of RFC 5280 4.1.</exception>
    public static CertificateLink[] Read(IReadOnlyList<byte[]> verifiedChainDer, IssuerTable issuers)
    {
        CertificateLink[] links = new CertificateLink[Math.Max(0, verifiedChainDer.Count - 1)];
        try
        {
            for (int i = links.Length - 1; i >= 0; i--)
            {
                links[i] = new CertificateLink(ReadSerial(verifiedChainDer[i]), issuers.Intern(ReadKey(verifiedChainDer[i + 1])));
            }
        }
        catch (AsnContentException failure)
        {
            throw new CryptographicException("a certificate is malformed", failure);
        }

        return links;
    }

    private static SerialNumber ReadSerial(byte[] der)
    {
        AsnReader body = Body(der);
        ReadOnlySpan<byte> content = body.ReadIntegerBytes().Span;
        return SerialNumber.TryCreate(content, out SerialNumber serial)
            ? serial
            : throw new CryptographicException($"a certificate has a serial number of {content.Length} bytes");
    }

    private static IssuerKey ReadKey(byte[] der)
    {
        AsnReader body = Body(der);
        body.ReadIntegerBytes();
        body.ReadSequence();
        body.ReadSequence();
        body.ReadSequence();
        byte[] subject = body.ReadEncodedValue().ToArray();
        return new IssuerKey(subject, body.ReadEncodedValue().ToArray());
    }

    /// <summary>TBSCertificate behind its version.</summary>
    private static AsnReader Body(byte[] der)
    {
        AsnReader body = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(VersionTag))
        {
            body.ReadEncodedValue();
        }

        return body;
    }
}
