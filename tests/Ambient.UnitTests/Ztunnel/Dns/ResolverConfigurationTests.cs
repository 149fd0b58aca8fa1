using System.Net;
using Ambient.Ztunnel.Dns;

namespace Ambient.UnitTests.Ztunnel.Dns;

public sealed class ResolverConfigurationTests
{
    [Fact]
    public void Reads_servers_search_domains_and_options()
    {
        ResolverConfiguration read = ResolverConfiguration.Parse("""
            # a comment
            ; another
            nameserver 10.96.0.10
            nameserver fd00::a
            search ns.svc.cluster.local SVC.cluster.local. cluster.local
            options ndots:5 timeout:2 attempts:3 rotate use-vc edns0 unknown:7
            """);

        Assert.Equal([IPEndPoint.Parse("10.96.0.10:53"), IPEndPoint.Parse("[fd00::a]:53")], read.Servers.ToArray());
        Assert.Equal(["ns.svc.cluster.local", "svc.cluster.local", "cluster.local"], read.SearchDomains.ToArray());
        Assert.Equal((5, TimeSpan.FromSeconds(2), 3, true, true), (read.Dots, read.Timeout, read.Attempts, read.Rotates, read.OnlyTcp));
    }

    [Fact]
    public void Without_a_server_it_is_this_machine()
    {
        ResolverConfiguration read = ResolverConfiguration.Parse("nameserver nonsense\noptions timeout:0 ndots:x\n");

        Assert.Equal([IPEndPoint.Parse("127.0.0.1:53")], read.Servers.ToArray());
        Assert.Equal((1, TimeSpan.FromSeconds(5), 2), (read.Dots, read.Timeout, read.Attempts));
    }

    [Fact]
    public void The_last_of_search_and_domain_counts_and_three_servers_do()
    {
        ResolverConfiguration read = ResolverConfiguration.Parse(
            "search a b\ndomain c\n" + string.Concat(Enumerable.Range(1, 9).Select(n => $"nameserver 10.0.0.{n}\n")));

        Assert.Equal(["c"], read.SearchDomains.ToArray());
        Assert.Equal(3, read.Servers.Length);
    }

    [Fact]
    public void Options_and_lists_are_bounded()
    {
        ResolverConfiguration read = ResolverConfiguration.Parse(
            "options ndots:99 timeout:9999 attempts:9999\nsearch " + string.Join(' ', Enumerable.Range(0, 1000).Select(n => $"d{n}")));

        Assert.Equal((15, TimeSpan.FromSeconds(30), 5, 32), (read.Dots, read.Timeout, read.Attempts, read.SearchDomains.Length));
    }

    [Fact]
    public void Hosts_are_found_whatever_the_case_and_on_every_line()
    {
        HostsFile hosts = HostsFile.Parse("127.0.0.1 localhost Me # comment\n::1 localhost\nnonsense x\n10.0.0.1\n");

        Assert.Equal(["127.0.0.1", "::1"], hosts.Find("LOCALHOST").Select(address => address.ToString()));
        Assert.Equal("127.0.0.1", Assert.Single(hosts.Find("me")).ToString());
        Assert.Empty(hosts.Find("comment"));
    }
}
