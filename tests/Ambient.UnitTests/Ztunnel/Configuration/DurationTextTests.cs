using Ambient.Ztunnel.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("10s", 10)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("0s", 0)]
    [InlineData("1d1h1m1s", 90061)]
    [InlineData("250ms", 0.25)]
    [InlineData("1s5us", 1.000005)]
    public void Reads_numbers_with_units(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("1 s")]
    [InlineData(" 1s")]
    [InlineData("1S")]
    [InlineData("1s2")]
    [InlineData("99999999999999999999s")]
    [InlineData("9223372036854775807d")]
    [InlineData("10675199d9223372036s")]
    [InlineData("\u0661s")]
    public void Refuses_everything_else(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Reads_back_whatever_it_writes()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), number =>
        {
            var duration = TimeSpan.FromTicks((number & long.MaxValue) / 10 * 10);
            return DurationText.TryParse(DurationText.Format(duration), out TimeSpan read) && read == duration;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Never_throws_and_never_yields_a_negative_duration_on_mutated_text()
    {
        Mutations.Of("1d2h30m15s250ms7us", 50_000, text =>
        {
            if (DurationText.TryParse(text, out TimeSpan duration))
            {
                Assert.True(duration >= TimeSpan.Zero, text);
            }
        });
    }
}
