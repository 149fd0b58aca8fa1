using Ambient.Testing.Namespaces;

namespace Ambient.UnitTests.Transport;

public sealed class PrivilegeTests
{
    private const string AllCapabilities = "CapEff:\t000001ffffffffff";

    [Theory]
    [InlineData("Uid:\t0\t0\t0\t0", AllCapabilities, false, null)]
    [InlineData("Uid:\t1000\t1000\t1000\t1000", AllCapabilities, false, "needs root and CAP_NET_ADMIN")]
    [InlineData("Uid:\t0\t0\t0\t0", "CapEff:\t0000000000000000", false, "needs root and CAP_NET_ADMIN")]
    [InlineData("Uid:\t0\t1000\t0\t0", AllCapabilities, false, "needs root and CAP_NET_ADMIN")]
    [InlineData("Uid:\t1000\t1000\t1000\t1000", "CapEff:\t0000000000000000", true, null)]
    public void Skips_with_the_reason_but_never_where_CI_demands_the_test(string uid, string capabilities, bool isCi, string? reason)
    {
        Assert.Equal(reason, Privilege.SkipReasonFor([uid, capabilities], isCi));
    }
}
