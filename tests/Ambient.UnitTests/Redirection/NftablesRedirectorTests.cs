using Ambient.Redirection;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;
using Ambient.Testing.Redirection;

namespace Ambient.UnitTests.Redirection;

public sealed class NftablesRedirectorTests
{
    private const string Namespace = "/run/netns/some-pod";

    [Fact]
    public async Task Applies_packet_rules_then_routes_then_the_rule()
    {
        var programs = new ScriptedPrograms();

        Assert.Null(await new NftablesRedirector(programs).ApplyAsync(Namespace, new PodRedirectionSpec(), CancellationToken.None));

        Assert.All(programs.Commands, command => Assert.Equal(Namespace, command.NetworkNamespace));
        Assert.Equal(
            [
                "nft -f -",
                "cat /proc/sys/net/ipv6/conf/lo/disable_ipv6",
                "ip -4 route replace local 0.0.0.0/0 dev lo table 100",
                "ip -6 route replace local ::/0 dev lo table 100",
                "ip -4 rule show pref 32764",
                "ip -4 rule add fwmark 0x111/0xfff pref 32764 lookup 100",
                "ip -6 rule show pref 32764",
                "ip -6 rule add fwmark 0x111/0xfff pref 32764 lookup 100",
            ],
            programs.Commands.Select(Words));
    }

    [Fact]
    public async Task Adds_no_ipv6_route_where_loopback_has_no_ipv6()
    {
        var programs = new ScriptedPrograms().Answer(command => command.Program == "cat", new ProgramResult(ProgramOutcome.Exited, 0, "1\n", ""));

        Assert.Null(await new NftablesRedirector(programs).ApplyAsync(Namespace, new PodRedirectionSpec(), CancellationToken.None));

        Assert.DoesNotContain(programs.Commands.Select(Words), words => words.StartsWith("ip -6 route", StringComparison.Ordinal));
        Assert.Contains("ip -6 rule add fwmark 0x111/0xfff pref 32764 lookup 100", programs.Commands.Select(Words));
    }

    [Fact]
    public async Task A_failure_carries_what_nft_said_and_the_next_step()
    {
        var programs = new ScriptedPrograms().Answer(
            command => command.Program == "nft",
            new ProgramResult(ProgramOutcome.Exited, 1, "", "/dev/stdin:3:1-9: Error: Could not process rule: Operation not supported\n"));

        RedirectionFailure? failure =
            await new NftablesRedirector(programs).ApplyAsync("/proc/self/ns/net", new PodRedirectionSpec(), CancellationToken.None);

        Assert.NotNull(failure);
        Assert.Contains("Could not process rule: Operation not supported", failure.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(failure.NextStep);
        Assert.Single(programs.Commands);
    }

    [Fact]
    public async Task A_missing_program_names_the_package_that_has_it()
    {
        var programs = new ScriptedPrograms().Answer(
            command => command.Program == "nft", new ProgramResult(ProgramOutcome.NotFound, 127, "", "nsenter: failed to execute nft"));

        RedirectionFailure? failure = await new NftablesRedirector(programs).ApplyAsync(Namespace, new PodRedirectionSpec(), CancellationToken.None);

        Assert.Contains("apt-get install nftables", failure?.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_spec_runs_nothing()
    {
        var programs = new ScriptedPrograms();
        var spec = new PodRedirectionSpec { VirtualInterfaces = ["a;b"] };

        RedirectionFailure? failure = await new NftablesRedirector(programs).ApplyAsync(Namespace, spec, CancellationToken.None);

        Assert.Contains("a;b", failure?.Reason, StringComparison.Ordinal);
        Assert.Empty(programs.Commands);
    }

    [Fact]
    public async Task Removal_gives_up_on_a_rule_that_keeps_coming_back()
    {
        var programs = new ScriptedPrograms().Answer(
            command => command.Arguments.Contains("show") && command.Arguments.Contains("rule"),
            new ProgramResult(ProgramOutcome.Exited, 0, "32764:\tfrom all fwmark 0x111/0xfff lookup 100\n", ""));

        RedirectionFailure? failure = await new NftablesRedirector(programs).RemoveAsync(Namespace, CancellationToken.None);

        Assert.Contains("comes back", failure?.Reason, StringComparison.Ordinal);
        Assert.InRange(programs.Commands.Count, 16, 64);
    }

    private static string Words(ProgramCommand command) => $"{command.Program} {string.Join(' ', command.Arguments)}";
}
