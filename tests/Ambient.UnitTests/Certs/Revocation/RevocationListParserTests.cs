using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ambient.Certs.Revocation;
using Ambient.Testing;
using Ambient.Testing.Certificates;
using Ambient.Tls;

namespace Ambient.UnitTests.Certs.Revocation;

/// <summary>The file of CRL_PATH: what is taken, and that nothing which is not understood is taken for "nothing revoked".</summary>
public sealed class RevocationListParserTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t\n")]
    public void An_empty_file_holds_no_lists(string text) => Assert.Empty(RevocationListParser.Parse(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Pem_may_hold_several_lists_comments_and_other_blocks()
    {
        TestCertificate leaf = _root.Issue("spiffe://cluster.local/ns/a/sa/b");
        string pem = "issued by hand \u00e9\n" + PemEncoding.WriteString("X509 CRL", _root.Revoke(leaf.ChainDer[0]))
            + "\n" + PemEncoding.WriteString("CERTIFICATE", _root.RootDer)
            + "\n# second\n" + PemEncoding.WriteString("X509 CRL", _root.Revoke(_root.RootDer, leaf.ChainDer[0])) + "\n";

        IReadOnlyList<RevocationList> lists = RevocationListParser.Parse(Encoding.UTF8.GetBytes(pem));

        Assert.Equal([1, 2], lists.Select(list => list.Count));
    }

    [Fact]
    public void A_list_of_nobody_is_a_list()
    {
        RevocationList list = Assert.Single(RevocationListParser.Parse(_root.Revoke()));

        Assert.Equal(0, list.Count);
        Assert.Equal(_root.Certificate.SubjectName.RawData, list.IssuerName);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    [InlineData("-----BEGIN X509 CRL-----\nMII")]
    [InlineData("-----BEGIN X509 CRL-----\n!!!!\n-----END X509 CRL-----\n")]
    [InlineData("0")]
    public void What_is_not_a_list_is_an_error(string text) =>
        Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_file_cut_in_the_middle_of_its_last_list_is_refused_whole()
    {
        string whole = PemEncoding.WriteString("X509 CRL", _root.Revoke());
        string cut = whole + "\n" + whole[..^20];

        var error = Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(Encoding.ASCII.GetBytes(cut)));

        Assert.Contains("2 lists begin in it, 1 of them are whole", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_lists_than_the_limit_are_refused()
    {
        string many = string.Concat(Enumerable.Repeat("-----BEGIN X509 CRL-----\n", RevocationListParser.MaxLists + 1));

        var error = Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(Encoding.ASCII.GetBytes(many)));

        Assert.Contains($"at most {RevocationListParser.MaxLists}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_revoked_certificates_than_the_limit_are_refused()
    {
        byte[] entry = Entry();
        byte[] entries = new byte[(RevocationListParser.MaxEntries + 1) * entry.Length];
        for (int start = 0; start < entries.Length; start += entry.Length)
        {
            entry.CopyTo(entries, start);
        }

        byte[] list = SignedList(body => body.WriteEncodedValue(
            [0x30, 0x84, (byte)(entries.Length >> 24), (byte)(entries.Length >> 16), (byte)(entries.Length >> 8), (byte)entries.Length, .. entries]));

        var error = Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(list));

        Assert.Contains("more than 1000000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.5.29.27", "delta list")]
    [InlineData("1.2.3.4", "critical extension 1.2.3.4")]
    public void A_list_that_means_something_else_is_refused(string extension, string complaint)
    {
        byte[] list = SignedList(body => WriteExtensions(body, extension, [5, 0]));

        var error = Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(list));

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_indirect_list_is_refused_and_a_list_for_leaves_only_is_not()
    {
        byte[] indirect = SignedList(body => WriteExtensions(body, "2.5.29.28", DistributionPoint(flag: 4)));
        byte[] leavesOnly = SignedList(body => WriteExtensions(body, "2.5.29.28", DistributionPoint(flag: 1)));

        Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(indirect));
        Assert.Single(RevocationListParser.Parse(leavesOnly));
    }

    [Fact]
    public void A_serial_number_no_authority_may_give_is_refused()
    {
        byte[] list = SignedList(body =>
        {
            using (body.PushSequence())
            using (body.PushSequence())
            {
                body.WriteInteger([.. Enumerable.Repeat((byte)1, 25)]);
                body.WriteUtcTime(DateTimeOffset.UnixEpoch);
            }
        });

        Assert.Throws<RevocationFormatException>(() => RevocationListParser.Parse(list));
    }

    [Fact]
    public void Mutated_lists_are_refused_with_a_reason_or_revoke_nothing_by_force()
    {
        TestCertificate leaf = _root.Issue("spiffe://cluster.local/ns/a/sa/b");
        byte[] good = _root.Revoke(leaf.ChainDer[0]);
        byte[] signed = new AsnReader(good, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();
        var peer = new TlsPeer(leaf.ChainDer[0], [], [leaf.ChainDer[0], _root.RootDer]);
        var random = new Random(20261);
        int taken = 0;
        for (int round = 0; round < FuzzRounds.Scale(4000); round++)
        {
            byte[] mutant = Mutate(good, random);
            var watch = new RevocationWatch();
            try
            {
                watch.Load(mutant);
            }
            catch (RevocationFormatException)
            {
                continue;
            }

            // Only content that the issuer signed may revoke: a changed list that still parses must not.
            taken++;
            bool isContentKept = mutant.AsSpan().IndexOf(signed) >= 0;
            Assert.True(isContentKept || watch.Check(peer, TlsRole.Client) is null, Convert.ToHexString(mutant));
        }

        Assert.InRange(taken, 1, FuzzRounds.Scale(4000));
    }

    private static byte[] Entry()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(7);
            writer.WriteUtcTime(DateTimeOffset.UnixEpoch);
        }

        return writer.Encode();
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] mutant = [.. good];
        int changes = random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            mutant[random.Next(mutant.Length)] ^= (byte)random.Next(1, 256);
        }

        return random.Next(8) == 0 ? mutant[..random.Next(mutant.Length)] : mutant;
    }

    private static byte[] DistributionPoint(int flag)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, flag));
        }

        return writer.Encode();
    }

    private static void WriteExtensions(AsnWriter body, string id, byte[] value)
    {
        using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (body.PushSequence())
        using (body.PushSequence())
        {
            body.WriteObjectIdentifier(id);
            body.WriteBoolean(true);
            body.WriteOctetString(value);
        }
    }

    /// <summary>A list whose parts behind thisUpdate the test writes; its signature is never looked at.</summary>
    private static byte[] SignedList(Action<AsnWriter> writeRest)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                WriteAlgorithm(writer);
                writer.WriteEncodedValue(new X500DistinguishedName("CN=x").RawData);
                writer.WriteUtcTime(DateTimeOffset.UnixEpoch);
                writeRest(writer);
            }

            WriteAlgorithm(writer);
            writer.WriteBitString([1, 2, 3]);
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
        }
    }
}
