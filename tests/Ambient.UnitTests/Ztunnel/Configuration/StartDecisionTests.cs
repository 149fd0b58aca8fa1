using System.Collections;
using Ambient.Ztunnel.Configuration;
using Xunit;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class StartDecisionTests
{
    private static readonly Hashtable Enough = new()
    {
        ["PROXY_MODE"] = "dedicated",
        ["PROXY_WORKLOAD_INFO"] = "shop/web-0/web",
        ["LOCAL_XDS_PATH"] = "mesh.yaml",
        ["AMBIENT_LOCAL_ROOT"] = "/tmp/root",
        ["UNRELATED"] = "x",
    };

    [Fact]
    public void Runs_with_the_effective_configuration_printed()
    {
        StartDecision decision = Decide("proxy", "ztunnel");

        Assert.NotNull(decision.Options);
        Assert.Equal((0, ""), (decision.ExitCode, decision.Error));
        Assert.StartsWith("effective configuration:\n", decision.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_with_two_and_every_error_when_settings_are_invalid()
    {
        StartDecision decision = Decide("--colour", "red", "--secret-ttl", "1s", "--local-xds-path", "");

        Assert.Null(decision.Options);
        Assert.Equal(2, decision.ExitCode);
        Assert.StartsWith("cannot start, 3 invalid setting(s):\n", decision.Error, StringComparison.Ordinal);
        Assert.Contains("  --colour: unknown flag", decision.Error, StringComparison.Ordinal);
        Assert.Contains("  --secret-ttl: invalid value '1s': use 1m to 90d\n", decision.Error, StringComparison.Ordinal);
        Assert.Contains("  --local-xds-path: invalid value ''", decision.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_with_one_on_an_unknown_command()
    {
        StartDecision decision = Decide("serve");

        Assert.Equal(1, decision.ExitCode);
        Assert.Equal("unknown command 'serve'; commands are proxy, version and help\n", decision.Error);
    }

    [Theory]
    [InlineData("version", "ztunnel 1.2.3\n")]
    [InlineData("help", "ztunnel: carries the TCP traffic")]
    [InlineData("--help", "ztunnel: carries the TCP traffic")]
    public void Ends_well_after_version_and_help(string argument, string start)
    {
        StartDecision decision = Decide(argument);

        Assert.Null(decision.Options);
        Assert.Equal(0, decision.ExitCode);
        Assert.StartsWith(start, decision.Output, StringComparison.Ordinal);
    }

    private static StartDecision Decide(params string[] arguments) =>
        StartDecision.Of(arguments, Enough, new OptionsEnvironment(null, 4), "ztunnel 1.2.3");
}
