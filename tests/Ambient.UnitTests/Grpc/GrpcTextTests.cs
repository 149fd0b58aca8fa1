using Ambient.Grpc;

namespace Ambient.UnitTests.Grpc;

public sealed class GrpcTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a%20b%25", "a b%")]
    [InlineData("%C3%BCber", "über")]
    [InlineData("50% of %zz", "50% of %zz")]
    [InlineData("cut %2", "cut %2")]
    public void A_message_is_percent_decoded_and_a_bad_escape_kept(string encoded, string expected) =>
        Assert.Equal(expected, ResponseStatus.Decode(encoded));

    [Theory]
    [InlineData(1500, "1500m")]
    [InlineData(0.2, "1m")]
    [InlineData(99_999_999, "99999999m")]
    [InlineData(100_000_000, "100000S")]
    public void A_deadline_has_at_most_eight_digits_and_a_unit(double milliseconds, string expected) =>
        Assert.Equal(expected, GrpcTimeout.Format(TimeSpan.FromMilliseconds(milliseconds)));
}
