using Ambient.Tls;
using Ambient.Tls.Records;

namespace Ambient.UnitTests.Tls;

/// <summary>The records after the handshake of RFC 8448 section 3, from the published traffic secrets.</summary>
public sealed class Rfc8448Tests
{
    private const string ClientSecret = "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
    private const string ServerSecret = "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643";

    private const string TicketRecord =
        "17030300de3a6b8f90414a97d6959c3487680de5134a2b240e6cffac116e95d41d6af8f6b580dcf3d11d63c758db289a"
        + "015940252f55713e061dc13e078891a38efbcf5753ad8ef170ad3c7353d16d9da773b9ca7f2b9fa1b6c0d4a3d03f75e0"
        + "9c30ba1e62972ac46f75f7b981be63439b2999ce13064615139891d5e4c5b406f16e3fc181a77ca475840025db2f0a77"
        + "f81b5ab05b94c01346755f69232c86519d86cbeeac87aac347d143f9605d64f650db4d023e70e952ca49fe5137121c74"
        + "bc2697687e248746d6df353005f3bce18696129c8153556b3b6c6779b37bf15985684f";

    private const string ClientDataRecord =
        "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b"
        + "62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4";

    private const string ServerDataRecord =
        "17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8"
        + "fcc49c4bf2e5f0a21c0047c2abf332540dd032e167c2955d";

    private const string ClientAlertRecord = "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3";
    private const string ServerAlertRecord = "1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9";

    private static readonly byte[] Payload = [.. Enumerable.Range(0, 50).Select(value => (byte)value)];

    public static TheoryData<string> Providers => AeadProviders.Names;

    [Fact]
    public void Derives_the_published_keys()
    {
        using TlsTrafficState client = FromHex(ClientSecret);
        using TlsTrafficState server = FromHex(ServerSecret);

        Assert.Equal("17422dda596ed5d9acd890e3c63f5051", Convert.ToHexStringLower(client.Key));
        Assert.Equal("5b78923dee08579033e523d9", Convert.ToHexStringLower(client.Iv));
        Assert.Equal("9f02283b6c9c07efc26bb9f2ac92e356", Convert.ToHexStringLower(server.Key));
        Assert.Equal("cf782b88dd83549aadf1e984", Convert.ToHexStringLower(server.Iv));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_client_sends_the_published_records(string provider)
    {
        using TlsSession client = Session(TlsRole.Client, provider);

        Assert.Equal(ClientDataRecord, Convert.ToHexStringLower(SessionPair.Seal(client, Payload)));
        client.Close();
        Assert.Equal(ClientAlertRecord, Convert.ToHexStringLower(SessionPair.Control(client)));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_client_reads_the_published_records(string provider)
    {
        using TlsSession client = Session(TlsRole.Client, provider);
        byte[] stream = Convert.FromHexString(TicketRecord + ServerDataRecord + ServerAlertRecord);

        Assert.Equal(TlsReadStatus.Skipped, client.Read(stream, out int ticket, out _));
        Assert.Equal(TlsReadStatus.ApplicationData, client.Read(stream.AsSpan(ticket), out int data, out Span<byte> plaintext));
        Assert.Equal(Payload, plaintext.ToArray());
        Assert.Equal(TlsReadStatus.Closed, client.Read(stream.AsSpan(ticket + data), out int alert, out _));
        Assert.Equal(stream.Length, ticket + data + alert);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_server_reads_and_sends_the_published_records(string provider)
    {
        using TlsSession server = Session(TlsRole.Server, provider, serverSequence: 1);
        byte[] stream = Convert.FromHexString(ClientDataRecord + ClientAlertRecord);

        Assert.Equal(TlsReadStatus.ApplicationData, server.Read(stream, out int data, out Span<byte> plaintext));
        Assert.Equal(Payload, plaintext.ToArray());
        Assert.Equal(ServerDataRecord, Convert.ToHexStringLower(SessionPair.Seal(server, Payload)));
        Assert.Equal(TlsReadStatus.Closed, server.Read(stream.AsSpan(data), out _, out _));
        server.Close();
        Assert.Equal(ServerAlertRecord, Convert.ToHexStringLower(SessionPair.Control(server)));
    }

    private static TlsTrafficState FromHex(string secret) =>
        TlsTrafficState.FromSecret(TlsSuite.Aes128GcmSha256, Convert.FromHexString(secret));

    private static TlsSession Session(TlsRole role, string provider, ulong serverSequence = 0)
    {
        TlsTrafficState client = FromHex(ClientSecret);
        TlsTrafficState server = FromHex(ServerSecret);
        server.Sequence = serverSequence;
        return TlsSession.Create(
            SessionPair.Nobody,
            role,
            AeadProviders.Get(provider),
            role == TlsRole.Client ? server : client,
            role == TlsRole.Client ? client : server);
    }
}
