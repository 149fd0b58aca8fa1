using System.Formats.Asn1;

namespace Ambient.Certs.Revocation;

/// <summary>Refuses lists that mean something else than "these numbers of this issuer are revoked" (RFC 5280 5.2, 5.3).</summary>
internal static class RevocationExtensions
{
    private const string DeltaIndicator = "2.5.29.27";
    private const string IssuingDistributionPoint = "2.5.29.28";
    private const string ReasonCode = "2.5.29.21";
    private const string InvalidityDate = "2.5.29.24";

    private static readonly Asn1Tag IndirectTag = new(TagClass.ContextSpecific, 4);

    public static void CheckList(AsnReader extensions) => Check(extensions, static (id, isCritical, value) =>
    {
        if (id == DeltaIndicator)
        {
            throw new RevocationFormatException("it holds a delta list; give the complete list");
        }

        if (id == IssuingDistributionPoint)
        {
            RefuseIndirect(value);
        }
        else if (isCritical)
        {
            throw new RevocationFormatException($"a list has the critical extension {id}, which is not understood");
        }
    });

    public static void CheckEntry(AsnReader extensions) => Check(extensions, static (id, isCritical, _) =>
    {
        if (isCritical && id is not (ReasonCode or InvalidityDate))
        {
            throw new RevocationFormatException($"an entry has the critical extension {id}, which is not understood");
        }
    });

    /// <summary>In an indirect list an entry may be another issuer's. Other limits of scope only leave entries out.</summary>
    private static void RefuseIndirect(byte[] value)
    {
        AsnReader point = new AsnReader(value, AsnEncodingRules.DER).ReadSequence();
        while (point.HasData)
        {
            if (point.PeekTag().HasSameClassAndValue(IndirectTag))
            {
                throw new RevocationFormatException("it holds an indirect list; give each issuer's own list");
            }

            point.ReadEncodedValue();
        }
    }

    private static void Check(AsnReader extensions, Action<string, bool, byte[]> check)
    {
        while (extensions.HasData)
        {
            AsnReader extension = extensions.ReadSequence();
            string id = extension.ReadObjectIdentifier();
            bool isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            check(id, isCritical, extension.ReadOctetString());
            extension.ThrowIfNotEmpty();
        }
    }
}
