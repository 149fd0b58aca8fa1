using Ambient.Mesh.Identities;
using Ambient.Mesh.Policies;
using Ambient.Testing.Mesh;

namespace Ambient.UnitTests.Mesh;

/// <summary>One test per field and its negation, each with plaintext, a matching and a non-matching TLS caller (node-proxy 11.8).</summary>
public class PolicyMatchTests
{
    private static readonly AuthorizationRequest Plaintext = Request(null);
    private static readonly AuthorizationRequest Api = Request(new SpiffeId("td", "shop", "api"));
    private static readonly AuthorizationRequest Other = Request(new SpiffeId("td2", "bank", "other"));

    [Fact]
    public void Namespaces() => AssertMatches(
        new PolicyMatch { Namespaces = [StringMatch.Exact("shop")] }, plaintext: false, api: true, other: false);

    [Fact]
    public void Not_namespaces_is_true_for_plaintext() => AssertMatches(
        new PolicyMatch { NotNamespaces = [StringMatch.Exact("shop")] }, plaintext: true, api: false, other: true);

    [Fact]
    public void The_empty_namespace_is_that_of_plaintext() => AssertMatches(
        new PolicyMatch { Namespaces = [StringMatch.Exact("")] }, plaintext: true, api: false, other: false);

    [Fact]
    public void Presence_of_a_namespace_is_false_for_plaintext() => AssertMatches(
        new PolicyMatch { Namespaces = [StringMatch.Presence] }, plaintext: false, api: true, other: true);

    [Fact]
    public void Principals_are_compared_without_the_scheme() => AssertMatches(
        new PolicyMatch { Principals = [StringMatch.Exact("td/ns/shop/sa/api")] }, plaintext: false, api: true, other: false);

    [Fact]
    public void Principals_with_the_scheme_match_nobody() => AssertMatches(
        new PolicyMatch { Principals = [StringMatch.Exact("spiffe://td/ns/shop/sa/api")] }, plaintext: false, api: false, other: false);

    [Fact]
    public void Not_principals_is_true_for_plaintext() => AssertMatches(
        new PolicyMatch { NotPrincipals = [StringMatch.Exact("td/ns/shop/sa/api")] }, plaintext: true, api: false, other: true);

    [Fact]
    public void Absence_of_a_principal_is_how_strict_mode_finds_plaintext() => AssertMatches(
        new PolicyMatch { NotPrincipals = [StringMatch.Presence] }, plaintext: true, api: false, other: false);

    [Fact]
    public void An_empty_principal_matches_not_even_plaintext() => AssertMatches(
        new PolicyMatch { Principals = [StringMatch.Exact("")] }, plaintext: false, api: false, other: false);

    [Fact]
    public void Service_accounts_ignore_the_trust_domain()
    {
        PolicyMatch match = new() { ServiceAccounts = [new ServiceAccountMatch("shop", "api")] };
        AssertMatches(match, plaintext: false, api: true, other: false);
        Assert.True(match.Matches(Request(new SpiffeId("elsewhere", "shop", "api"))));
        Assert.False(match.Matches(Request(new SpiffeId("td", "bank", "api"))));
    }

    [Fact]
    public void Not_service_accounts_is_true_for_plaintext() => AssertMatches(
        new PolicyMatch { NotServiceAccounts = [new ServiceAccountMatch("shop", "api")] }, plaintext: true, api: false, other: true);

    [Theory]
    [InlineData("10.0.0.0/24", true)]
    [InlineData("10.0.0.1/32", true)]
    [InlineData("10.0.1.0/24", false)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::/0", false)]
    public void Source_ips_are_blocks(string block, bool matches)
    {
        Assert.Equal(matches, new PolicyMatch { SourceIps = [TestMesh.Prefix(block)] }.Matches(Plaintext));
        Assert.Equal(!matches, new PolicyMatch { NotSourceIps = [TestMesh.Prefix(block)] }.Matches(Plaintext));
    }

    [Theory]
    [InlineData("10.1.0.0/16", true)]
    [InlineData("10.2.0.0/16", false)]
    public void Destination_ips_are_blocks(string block, bool matches)
    {
        Assert.Equal(matches, new PolicyMatch { DestinationIps = [TestMesh.Prefix(block)] }.Matches(Api));
        Assert.Equal(!matches, new PolicyMatch { NotDestinationIps = [TestMesh.Prefix(block)] }.Matches(Api));
    }

    [Theory]
    [InlineData(8080, true)]
    [InlineData(80, false)]
    public void Destination_ports_are_exact(ushort port, bool matches)
    {
        Assert.Equal(matches, new PolicyMatch { DestinationPorts = [port] }.Matches(Api));
        Assert.Equal(!matches, new PolicyMatch { NotDestinationPorts = [port] }.Matches(Api));
    }

    [Fact]
    public void Fields_are_anded_and_values_are_ored()
    {
        PolicyMatch match = new() { Namespaces = [StringMatch.Exact("bank"), StringMatch.Exact("shop")], DestinationPorts = [80, 8080] };
        Assert.True(match.Matches(Api));
        Assert.False((match with { DestinationPorts = [80] }).Matches(Api));
    }

    [Fact]
    public void A_positive_and_a_negative_list_of_one_field_are_anded()
    {
        PolicyMatch match = new() { Principals = [StringMatch.Prefix("td")], NotPrincipals = [StringMatch.Suffix("/other")] };
        AssertMatches(match, plaintext: false, api: true, other: false);
    }

    private static AuthorizationRequest Request(SpiffeId? source) =>
        new(TestMesh.Ip("10.0.0.1"), TestMesh.Ip("10.1.0.1"), 8080, source);

    private static void AssertMatches(PolicyMatch match, bool plaintext, bool api, bool other) =>
        Assert.Equal((plaintext, api, other), (match.Matches(Plaintext), match.Matches(Api), match.Matches(Other)));
}
