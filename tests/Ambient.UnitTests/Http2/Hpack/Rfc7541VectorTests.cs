using System.Text;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.UnitTests.Http2.Hpack;

/// <summary>RFC 7541 appendix C, every example.</summary>
public class Rfc7541VectorTests
{
    [Theory]
    [InlineData(10, 5, "0a")]
    [InlineData(1337, 5, "1f9a0a")]
    [InlineData(42, 8, "2a")]
    public void C_1_integers(int value, int prefixBits, string encoded)
    {
        byte[] expected = Convert.FromHexString(encoded);
        byte[] written = new byte[8];
        int length = HpackEncoder.WriteInteger(written, 0, prefixBits, value);
        Assert.Equal(expected, written.AsSpan(0, length).ToArray());
        HpackReader reader = new(expected);
        Assert.True(reader.TryReadInteger(prefixBits, out int read));
        Assert.Equal(value, read);
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header", 55)]
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path", 0)]
    [InlineData("100870617373776f726406736563726574", "password: secret", 0)]
    [InlineData("82", ":method: GET", 0)]
    public void C_2_single_fields(string block, string field, int tableSize) => Check(4_096, (block, field, tableSize));

    [Fact]
    public void C_3_requests_without_Huffman_code() => Check(
        4_096,
        ("828684410f7777772e6578616d706c652e636f6d", Request1, 57),
        ("828684be58086e6f2d6361636865", Request2, 110),
        ("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565", Request3, 164));

    [Fact]
    public void C_4_requests_with_Huffman_code() => Check(
        4_096,
        ("828684418cf1e3c2e5f23a6ba0ab90f4ff", Request1, 57),
        ("828684be5886a8eb10649cbf", Request2, 110),
        ("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf", Request3, 164));

    [Fact]
    public void C_5_responses_without_Huffman_code() => Check(
        256,
        ("4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d", Response1, 222),
        ("4803333037c1c0bf", Response2, 222),
        ("88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31", Response3, 215));

    [Fact]
    public void C_6_responses_with_Huffman_code() => Check(
        256,
        ("488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3", Response1, 222),
        ("4883640effc1c0bf", Response2, 222),
        ("88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007", Response3, 215));

    private const string Request1 = ":method: GET|:scheme: http|:path: /|:authority: www.example.com";
    private const string Request2 = Request1 + "|cache-control: no-cache";
    private const string Request3 = ":method: GET|:scheme: https|:path: /index.html|:authority: www.example.com|custom-key: custom-value";
    private const string Response1 = ":status: 302|cache-control: private|date: Mon, 21 Oct 2013 20:13:21 GMT|location: https://www.example.com";
    private const string Response2 = ":status: 307|cache-control: private|date: Mon, 21 Oct 2013 20:13:21 GMT|location: https://www.example.com";
    private const string Response3 = ":status: 200|cache-control: private|date: Mon, 21 Oct 2013 20:13:22 GMT|location: https://www.example.com"
        + "|content-encoding: gzip|set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

    private static void Check(int tableSize, params (string Block, string Fields, int TableSize)[] steps)
    {
        HpackDecoder decoder = new(4_096);
        decoder.Table.SetMaxSize(tableSize);
        HeaderList list = new(65_536);
        foreach ((string block, string fields, int sizeAfter) in steps)
        {
            Assert.Null(decoder.Decode(Convert.FromHexString(block), list));
            Assert.Equal(fields, Describe(list.ToHeaders()));
            Assert.Equal(sizeAfter, decoder.Table.Size);
            list.Clear();
        }
    }

    private static string Describe(Http2Headers headers)
    {
        List<string> lines = [];
        foreach (Http2HeaderField field in headers)
        {
            lines.Add($"{Encoding.Latin1.GetString(field.Name)}: {Encoding.Latin1.GetString(field.Value)}");
        }

        return string.Join('|', lines);
    }
}
