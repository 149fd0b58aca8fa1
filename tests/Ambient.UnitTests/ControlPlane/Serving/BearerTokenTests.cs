using Ambient.ControlPlane.Serving;
using Ambient.Testing;

namespace Ambient.UnitTests.ControlPlane.Serving;

public sealed class BearerTokenTests
{
    [Theory]
    [InlineData("Bearer abc.DEF-1_2~+/==", "abc.DEF-1_2~+/==")]
    [InlineData("bearer abc", "abc")]
    public void A_token_is_read(string header, string token) => Assert.Equal(token, BearerToken.Read(header, out _));

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer a\nb")]
    [InlineData("Bearer a,Bearer b")]
    [InlineData("Bearer \u00e9")]
    public void What_is_no_token_is_refused_with_a_reason_that_does_not_repeat_it(string header)
    {
        Assert.Null(BearerToken.Read(header, out string reason));
        Assert.Contains("bearer token", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("dXNlcjpwYXNz", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_longer_than_the_limit_is_refused()
    {
        Assert.NotNull(BearerToken.Read("Bearer " + new string('a', BearerToken.MaxLength), out _));
        Assert.Null(BearerToken.Read("Bearer " + new string('a', BearerToken.MaxLength + 1), out _));
    }

    [Fact]
    public void Whatever_is_accepted_of_mutated_headers_can_stand_in_a_header()
    {
        Random random = new(20260302);
        for (int round = 0; round < FuzzRounds.Scale(5_000); round++)
        {
            char[] header = "Bearer abc.def.ghi".ToCharArray();
            header[random.Next(header.Length)] = (char)random.Next(0, 256);
            if (BearerToken.Read(new string(header), out _) is { } token)
            {
                Assert.All(token, character => Assert.True(character is > ' ' and < (char)127 and not ',' and not '"'));
            }
        }
    }
}
