using Ambient.Transport.Sockets;

namespace Ambient.UnitTests.Transport;

public sealed class AcceptErrorsTests
{
    [Theory]
    [InlineData(11, nameof(AcceptErrorTier.Empty))]
    [InlineData(4, nameof(AcceptErrorTier.Transient))]
    [InlineData(1, nameof(AcceptErrorTier.Transient))]
    [InlineData(71, nameof(AcceptErrorTier.Transient))]
    [InlineData(103, nameof(AcceptErrorTier.Transient))]
    [InlineData(110, nameof(AcceptErrorTier.Transient))]
    [InlineData(113, nameof(AcceptErrorTier.Transient))]
    [InlineData(12, nameof(AcceptErrorTier.Pressure))]
    [InlineData(23, nameof(AcceptErrorTier.Pressure))]
    [InlineData(24, nameof(AcceptErrorTier.Pressure))]
    [InlineData(105, nameof(AcceptErrorTier.Pressure))]
    [InlineData(9, nameof(AcceptErrorTier.Dead))]
    [InlineData(22, nameof(AcceptErrorTier.Dead))]
    [InlineData(88, nameof(AcceptErrorTier.Dead))]
    public void Sorts_an_accept_error_into_its_tier(int errno, string tier)
    {
        Assert.Equal(tier, AcceptErrors.TierOf(errno).ToString());
    }
}
