using Ambient.Hbone.Http2;

namespace Ambient.UnitTests.Http2;

public class Http2HeadersTests
{
    [Fact]
    public void A_CONNECT_has_method_and_authority_only()
    {
        Http2Headers headers = Http2Headers.ForConnect("[::1]:80");
        Assert.Equal((2, "CONNECT", "[::1]:80", 0), (headers.Count, headers.Method, headers.Authority, headers.Status));
    }

    [Fact]
    public void Finds_the_first_of_several_and_lists_all()
    {
        Http2Headers headers = new();
        headers.Add("baggage", "a=1");
        headers.Add("x", string.Empty);
        headers.Add("baggage", "b=2");
        Assert.Equal("a=1", headers.Find("baggage"u8));
        Assert.Equal(string.Empty, headers.Find("x"u8));
        Assert.Null(headers.Find("y"u8));
        int seen = 0;
        foreach (Http2HeaderField field in headers)
        {
            seen += field.Name.Length + field.Value.Length;
        }

        Assert.Equal(7 + 3 + 1 + 7 + 3, seen);
    }

    [Theory]
    [InlineData("Baggage", "a")]
    [InlineData("", "a")]
    [InlineData("a b", "a")]
    [InlineData("a", "x\r\ny: z")]
    [InlineData("a", "x\0")]
    [InlineData("a", " x")]
    public void Refuses_what_would_be_malformed_on_the_wire(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new Http2Headers().Add(name, value));
}
