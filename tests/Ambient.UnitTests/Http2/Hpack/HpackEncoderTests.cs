using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.UnitTests.Http2.Hpack;

public class HpackEncoderTests
{
    private const string NameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

    [Fact]
    public void Uses_indices_where_the_static_table_has_the_field_or_its_name()
    {
        Http2Headers headers = new();
        headers.Add(":method", "GET");
        headers.Add(":authority", "www.example.com");
        headers.Add("cache-control", "no-cache");
        headers.Add("custom-key", "custom-value");
        Assert.Equal(
            "82" + "018cf1e3c2e5f23a6ba0ab90f4ff" + "0f0986a8eb10649cbf" + "008825a849e95ba97d7f8925a849e95bb8e8b4bf",
            Convert.ToHexStringLower(Encode(new HpackEncoder(), 0, headers)));
    }

    [Theory]
    [InlineData(200, "88")]
    [InlineData(503, "080335" + "3033")]
    public void Encodes_a_status(int status, string block) =>
        Assert.Equal(block, Convert.ToHexStringLower(Encode(new HpackEncoder(), status, null)));

    [Fact]
    public void Random_header_lists_survive_encoding_and_decoding()
    {
        Random random = new(9_113);
        HpackEncoder encoder = new();
        HpackDecoder decoder = new(4_096);
        HeaderList list = new(1 << 20);
        for (int round = 0; round < 3_000; round++)
        {
            Http2Headers headers = RandomHeaders(random);
            byte[] block = Encode(encoder, 0, headers);
            Assert.Null(decoder.Decode(block, list));
            AssertSame(headers, list.ToHeaders());
            list.Clear();
        }
    }

    private static Http2Headers RandomHeaders(Random random)
    {
        Http2Headers headers = new();
        int count = random.Next(12);
        for (int i = 0; i < count; i++)
        {
            byte[] value = new byte[random.Next(random.Next(5) == 0 ? 3_000 : 60)];
            for (int k = 0; k < value.Length; k++)
            {
                value[k] = (byte)(random.Next(4) == 0 ? random.Next(33, 256) : 'a' + random.Next(26));
            }

            if (random.Next(3) == 0)
            {
                headers.Add(HpackStaticTable.Name(random.Next(1, 62)), value);
            }
            else
            {
                byte[] name = System.Text.Encoding.ASCII.GetBytes(random.GetItems<char>(NameCharacters, random.Next(1, 40)));
                headers.Add(name, value);
            }
        }

        return headers;
    }

    private static void AssertSame(Http2Headers expected, Http2Headers actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Http2Headers.Enumerator other = actual.GetEnumerator();
        foreach (Http2HeaderField field in expected)
        {
            Assert.True(other.MoveNext());
            Assert.True(field.Name.SequenceEqual(other.Current.Name));
            Assert.True(field.Value.SequenceEqual(other.Current.Value));
        }
    }

    private static byte[] Encode(HpackEncoder encoder, int status, Http2Headers? headers)
    {
        byte[] block = new byte[HpackEncoder.MaxLength(headers)];
        return block[..encoder.Encode(status, headers, block)];
    }
}
