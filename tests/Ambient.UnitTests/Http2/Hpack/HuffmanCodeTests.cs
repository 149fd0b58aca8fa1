using System.Text;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.UnitTests.Http2.Hpack;

public class HuffmanCodeTests
{
    [Fact]
    public void Every_byte_value_survives_encoding_and_decoding()
    {
        for (int value = 0; value < 256; value++)
        {
            byte[] text = [(byte)value, (byte)'a', (byte)value, (byte)value];
            Assert.Equal(text, Decode(Encode(text)));
        }
    }

    [Fact]
    public void Random_texts_survive_encoding_and_decoding()
    {
        Random random = new(7541);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] text = new byte[random.Next(100)];
            random.NextBytes(text);
            Assert.Equal(text, Decode(Encode(text)));
        }
    }

    [Theory]
    [InlineData("www.example.com", "f1e3c2e5f23a6ba0ab90f4ff")]
    [InlineData("no-cache", "a8eb10649cbf")]
    [InlineData("302", "6402")]
    [InlineData("", "")]
    public void Encodes_as_the_RFC_does(string text, string code) =>
        Assert.Equal(code, Convert.ToHexStringLower(Encode(Encoding.ASCII.GetBytes(text))));

    // Codes of appendix B that are too long for the first table.
    [Theory]
    [InlineData(0x00, "ffc7")]
    [InlineData(0x0a, "fffffff3")]
    [InlineData(0x5c, "fffe1f")]
    [InlineData(0xff, "fffffbbf")]
    public void Long_codes_are_those_of_appendix_B(int symbol, string code) =>
        Assert.Equal(code, Convert.ToHexStringLower(Encode([(byte)symbol])));

    [Theory]
    [InlineData("f1e3c2e5f23a6ba0ab90f4ffff", "padding of 8 ones or more")]
    [InlineData("f1e3c2e5f23a6ba0ab90f4fe", "padding that is not all ones")]
    [InlineData("00", "a zero where padding should be")]
    [InlineData("ffffffff", "the end-of-string symbol")]
    [InlineData("fffffffc", "the end-of-string symbol, exactly")]
    [InlineData("ffff", "half a long code")]
    public void Refuses_a_text_with(string code, string why) =>
        Assert.True(HuffmanCode.Decode(Convert.FromHexString(code), new byte[64]) < 0, why);

    private static byte[] Encode(byte[] text)
    {
        byte[] code = new byte[HuffmanCode.EncodedLength(text)];
        HuffmanCode.Encode(text, code);
        return code;
    }

    private static byte[] Decode(byte[] code)
    {
        byte[] text = new byte[HuffmanCode.MaxDecodedLength(code.Length)];
        int length = HuffmanCode.Decode(code, text);
        Assert.True(length >= 0);
        return text[..length];
    }
}
