using Ambient.Redirection;
using Ambient.Redirection.Commands;
using Ambient.Redirection.Nftables;
using Ambient.Testing;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.Redirection;

/// <summary>Applying, applying again and removing, as the kernel sees it.</summary>
public sealed class RedirectionLifeTests
{
    private readonly NftablesRedirector _redirector = new(new ProgramRunner());

    [RootFact]
    public async Task Applying_twice_changes_nothing()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        var spec = new PodRedirectionSpec { DnsCapture = true, VirtualInterfaces = ["tap0"] };

        Assert.Null(await _redirector.ApplyAsync(pod.Path, spec, CancellationToken.None));
        string once = await DescribeAsync(pod);
        Assert.Null(await _redirector.ApplyAsync(pod.Path, spec, CancellationToken.None));

        Assert.Equal(once, await DescribeAsync(pod));
        Assert.Contains("fwmark 0x111/0xfff lookup 100", once, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_changed_spec_replaces_the_former_rules()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await using TestNamespace other = await TestNamespace.CreateAsync();

        Assert.Null(await _redirector.ApplyAsync(pod.Path, new PodRedirectionSpec { DnsCapture = true, VirtualInterfaces = ["tap0"] }, CancellationToken.None));
        Assert.Null(await _redirector.ApplyAsync(pod.Path, new PodRedirectionSpec(), CancellationToken.None));
        Assert.Null(await _redirector.ApplyAsync(other.Path, new PodRedirectionSpec(), CancellationToken.None));

        Assert.Equal(await DescribeAsync(other), await DescribeAsync(pod));
    }

    [RootFact]
    public async Task Removal_leaves_the_namespace_as_it_was()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await using TestNamespace untouched = await TestNamespace.CreateAsync();

        Assert.Null(await _redirector.ApplyAsync(pod.Path, new PodRedirectionSpec { DnsCapture = true }, CancellationToken.None));
        Assert.Null(await _redirector.RemoveAsync(pod.Path, CancellationToken.None));

        Assert.Equal(await DescribeAsync(untouched), await DescribeAsync(pod));
        Assert.Null(await _redirector.RemoveAsync(pod.Path, CancellationToken.None));
    }

    [RootFact]
    public async Task Removal_leaves_the_rules_of_others_alone()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await pod.RunAsync("nft", "add table inet someone-else");
        await pod.IpAsync("rule", "add", "fwmark", "0x5", "pref", "32764", "lookup", "7");
        await pod.IpAsync("route", "add", "unreachable", "10.1.2.0/24", "table", "100");
        string before = await DescribeAsync(pod);

        Assert.Null(await _redirector.ApplyAsync(pod.Path, new PodRedirectionSpec(), CancellationToken.None));
        Assert.Null(await _redirector.RemoveAsync(pod.Path, CancellationToken.None));

        Assert.Equal(before, await DescribeAsync(pod));
    }

    [RootFact]
    public async Task Works_where_loopback_has_no_ipv6()
    {
        await using TestNamespace pod = await TestNamespace.CreateAsync();
        await pod.RunAsync("sysctl", "-qw", "net.ipv6.conf.lo.disable_ipv6=1");

        Assert.Null(await _redirector.ApplyAsync(pod.Path, new PodRedirectionSpec(), CancellationToken.None));

        Assert.DoesNotContain("local default", (await pod.TryRunAsync("ip", "-6", "route", "show", "table", "100")).Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_namespace_that_is_gone_is_named_in_the_failure()
    {
        RedirectionFailure? failure = await _redirector.ApplyAsync("/run/netns/no-such-namespace", new PodRedirectionSpec(), CancellationToken.None);

        Assert.Contains("no-such-namespace", failure?.NextStep, StringComparison.Ordinal);
    }

    /// <summary>Rules without their counters' values, routing rules, and the routes of table 100, both families.</summary>
    private static async Task<string> DescribeAsync(TestNamespace pod) => string.Concat(
        await pod.RunAsync("nft", "-s", "list", "ruleset"),
        await pod.RunAsync("ip", "-4", "rule", "show"),
        await pod.RunAsync("ip", "-6", "rule", "show"),
        (await pod.TryRunAsync("ip", "-4", "route", "show", "table", "100")).Output,
        (await pod.TryRunAsync("ip", "-6", "route", "show", "table", "100")).Output);
}
