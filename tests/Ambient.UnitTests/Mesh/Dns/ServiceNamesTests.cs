using Ambient.Mesh.Dns;

namespace Ambient.UnitTests.Mesh.Dns;

/// <summary>node-proxy 8.2 and the name tests of 11.10.</summary>
public sealed class ServiceNamesTests
{
    private static readonly ServiceNames Names = new("Cluster.Local.", preferredNamespace: null);

    [Theory]
    [InlineData("a", "a.ns.svc.cluster.local")]
    [InlineData("a.b", "a.b.svc.cluster.local,a.b.ns.svc.cluster.local")]
    [InlineData("a.b.svc", "a.b.svc.cluster.local,a.b.svc.svc.cluster.local")]
    [InlineData("a.b.c", "a.b.c.svc.cluster.local")]
    [InlineData("a.b.c.svc", "a.b.c.svc.cluster.local")]
    [InlineData("a.b.c.d", "")]
    [InlineData("a.b.c.d.svc", "")]
    public void Expands_as_kubernetes_would(string name, string expected) =>
        Assert.Equal(expected, string.Join(',', Names.Expansions(name, "ns")));

    [Theory]
    [InlineData("a.b.c.d", "a.b.c.d,*.b.c.d,*.c.d,*.d")]
    [InlineData("a.b", "a.b,*.b")]
    [InlineData("a", "a")]
    [InlineData("*.b", "*.b,*.b")]
    public void Tries_wildcards_from_the_most_specific_on(string name, string expected) =>
        Assert.Equal(expected, string.Join(',', ServiceNames.WithWildcards(name)));

    [Theory]
    [InlineData("a.svc.cluster.local", "svc.cluster.local", "a")]
    [InlineData("a.b.cluster.local", "cluster.local", "a.b")]
    [InlineData("svc.cluster.local", "svc.cluster.local", null)]
    [InlineData("xsvc.cluster.local", "svc.cluster.local", null)]
    [InlineData("local", "cluster.local", null)]
    [InlineData("a.b", "cluster.local", null)]
    public void Strips_a_domain_only_at_a_dot_and_not_whole(string name, string domain, string? expected) =>
        Assert.Equal(expected, ServiceNames.WithoutDomain(name, domain));

    [Fact]
    public void Looks_for_the_name_then_its_expansions_then_the_stripped_names_each_once()
    {
        string[] aliases = [.. Names.AliasesOf("a.ns.svc.cluster.local", "ns").Select(alias => $"{alias.Name}<{alias.Stripped}")];

        Assert.Equal(
        [
            "a.ns.svc.cluster.local<",
            "a<a",
            "a.ns<a.ns",
            "a.ns.ns.svc.cluster.local<a.ns",
            "a.ns.svc<a.ns.svc",
            "a.ns.svc.svc.cluster.local<a.ns.svc",
        ], aliases);
    }
}
