using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class CpuQuantityTests
{
    [Theory]
    [InlineData("2", 2000, 2)]
    [InlineData("1.5", 1500, 2)]
    [InlineData("500m", 500, 1)]
    [InlineData("0", 0, 0)]
    [InlineData("0.0001", 1, 1)]
    [InlineData("2001m", 2001, 3)]
    [InlineData("1000000", 1_000_000_000, 1_000_000)]
    public void Reads_cores_and_thousandths(string text, long millicores, int cores)
    {
        Assert.True(CpuQuantity.TryParse(text, out CpuQuantity quantity));
        Assert.Equal((millicores, cores), (quantity.Millicores, quantity.Cores));
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.5m")]
    [InlineData("1k")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("1000001")]
    [InlineData("99999999999999999999999999999999")]
    public void Refuses_everything_else(string text) => Assert.False(CpuQuantity.TryParse(text, out _));

    [Fact]
    public void Reads_back_what_it_writes_and_never_overflows_on_mutated_text()
    {
        Mutations.Of("1500m", 50_000, text =>
        {
            if (CpuQuantity.TryParse(text, out CpuQuantity quantity))
            {
                Assert.InRange(quantity.Millicores, 0, 1_000_000_000);
                Assert.True(CpuQuantity.TryParse(quantity.ToString(), out CpuQuantity read));
                Assert.Equal(quantity, read);
            }
        });
    }
}
