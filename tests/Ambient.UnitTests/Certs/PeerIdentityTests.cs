using Ambient.Certs;
using Ambient.Mesh.Identities;

namespace Ambient.UnitTests.Certs;

public sealed class PeerIdentityTests
{
    private static readonly SpiffeId Web = new("cluster.local", "shop", "web");
    private static readonly SpiffeId Api = new("cluster.local", "shop", "api");

    [Fact]
    public void Accepts_a_server_that_presents_any_expected_identity()
    {
        Assert.Null(PeerIdentity.CheckServer([Api, Web], ["https://example.com/", Web.ToString()]));
    }

    [Theory]
    [InlineData("spiffe://other.domain/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/Web")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/web/")]
    [InlineData("SPIFFE://cluster.local/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/webb")]
    [InlineData("")]
    public void Refuses_a_server_whose_name_differs_in_any_character(string presented)
    {
        string? reason = PeerIdentity.CheckServer([Web], [presented]);

        Assert.NotNull(reason);
        Assert.Contains("expected " + Web, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_every_server_when_nobody_is_expected()
    {
        Assert.NotNull(PeerIdentity.CheckServer([], [Web.ToString()]));
        Assert.NotNull(PeerIdentity.CheckServer([], []));
    }

    [Fact]
    public void Names_presented_and_expected_identities_in_a_refusal()
    {
        Assert.Equal($"SanError: peer presented {Api}, expected {Web}", PeerIdentity.CheckServer([Web], [Api.ToString()]));
        Assert.Equal($"SanError: peer presented no identity, expected {Web}", PeerIdentity.CheckServer([Web], []));
    }

    [Fact]
    public void Bounds_the_refusal_for_a_certificate_with_very_many_names()
    {
        string[] names = [.. Enumerable.Range(0, 5000).Select(number => $"spiffe://x/ns/n/sa/{number}")];

        string? reason = PeerIdentity.CheckServer([Web], names);

        Assert.Contains("and 4992 more", reason, StringComparison.Ordinal);
        Assert.True(reason!.Length < 1000);
    }

    [Fact]
    public void Accepts_a_client_of_our_trust_domain_whatever_its_account()
    {
        Assert.Null(PeerIdentity.CheckClient(Web, ["spiffe://elsewhere/ns/a/sa/b", "spiffe://cluster.local/ns/other/sa/x"]));
    }

    [Theory]
    [InlineData("spiffe://cluster.local.evil/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.loca/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local/shop/web")]
    [InlineData("https://cluster.local/ns/shop/sa/web")]
    public void Refuses_a_client_without_an_identity_of_our_trust_domain(string presented)
    {
        Assert.NotNull(PeerIdentity.CheckClient(Web, [presented]));
    }

    [Fact]
    public void Refuses_a_client_without_names() => Assert.NotNull(PeerIdentity.CheckClient(Web, []));

    [Fact]
    public void Takes_the_first_identity_among_the_names_as_the_source()
    {
        Assert.Equal(Api, PeerIdentity.SourceOf(["urn:x", Api.ToString(), Web.ToString()]));
        Assert.Null(PeerIdentity.SourceOf(["urn:x"]));
        Assert.Null(PeerIdentity.SourceOf([]));
    }
}
