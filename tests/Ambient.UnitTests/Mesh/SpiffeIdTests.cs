using Ambient.Mesh.Identities;

namespace Ambient.UnitTests.Mesh;

public class SpiffeIdTests
{
    [Fact]
    public void Parses_the_five_segments()
    {
        Assert.True(SpiffeId.TryParse("spiffe://cluster.local/ns/shop/sa/web", out SpiffeId id));
        Assert.Equal(new SpiffeId("cluster.local", "shop", "web"), id);
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/web", id.ToString());
        Assert.Equal("cluster.local/ns/shop/sa/web", id.Principal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("spiffe://td")]
    [InlineData("spiffe://td/ns/a/sa")]
    [InlineData("spiffe://td/ns/a/sa/b/c")]
    [InlineData("spiffe://td/ns/a/sa/b/")]
    [InlineData("spiffe://td/sa/a/ns/b")]
    [InlineData("spiffe://td/NS/a/sa/b")]
    [InlineData("SPIFFE://td/ns/a/sa/b")]
    [InlineData("http://td/ns/a/sa/b")]
    [InlineData(" spiffe://td/ns/a/sa/b")]
    [InlineData("td/ns/a/sa/b")]
    public void Refuses_anything_else(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Fact]
    public void Refuses_an_identity_over_the_limit()
    {
        string longest = "spiffe://td/ns/a/sa/".PadRight(SpiffeId.MaxLength, 'x');
        Assert.True(SpiffeId.TryParse(longest, out _));
        Assert.False(SpiffeId.TryParse(longest + "x", out _));
    }

    [Fact]
    public void What_parses_formats_to_the_same_text_under_mutation()
    {
        Random random = new(29);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = Mutation.Of("spiffe://cluster.local/ns/shop/sa/web", random, "/:nsa.\0é ");
            if (SpiffeId.TryParse(text, out SpiffeId id))
            {
                accepted++;
                Assert.Equal(text, id.ToString());
                Assert.Equal(5, text["spiffe://".Length..].Split('/').Length);
            }
        }

        Assert.InRange(accepted, 100, 19_900);
    }
}
