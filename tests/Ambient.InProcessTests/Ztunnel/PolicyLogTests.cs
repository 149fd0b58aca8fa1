using System.Net.Sockets;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>What the policy log says of decisions on live traffic (node-proxy 4.2, 4.3).</summary>
public sealed class PolicyLogTests : IAsyncLifetime
{
    private const string DenyClient = """
          - { name: no-client, namespace: shop, scope: Namespace, action: Deny, dryRun: false,
              rules: [[[{ principals: [{ Exact: cluster.local/ns/shop/sa/client }] }]]] }

        """;

    private const string DenyOthers = """
          - { name: no-others, namespace: shop, scope: Namespace, action: Deny, dryRun: false,
              rules: [[[{ principals: [{ Exact: cluster.local/ns/shop/sa/other }] }]]] }

        """;

    private readonly TestCluster _cluster = new();

    public Task InitializeAsync()
    {
        _cluster.StartServerApplication();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData("", "false", "debug", "no allow policies, allow\t")]
    [InlineData("", "true", "info", "no allow policies, allow\t")]
    [InlineData(DenyClient, "false", "debug", "deny policy match\tpolicy=\"shop/no-client\" ")]
    [InlineData(DenyClient, "true", "info", "deny policy match\tpolicy=\"shop/no-client\" ")]
    public async Task Each_decision_is_a_line_whose_message_says_what_and_whose_field_names_the_policy(
        string policies, string atInfo, string level, string message)
    {
        _cluster.WritePolicies(policies);
        TestNode server = await _cluster.StartServerAsync(("AUTHZ_POLICY_INFO_LOGGING", atInfo), ("RUST_LOG", "debug"));
        await _cluster.StartClientAsync();

        await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello);

        await server.Log.WaitForAsync($"\t{level}\trbac:proxy{{wl=shop/server}}:inbound{{", $"}}\t{message}src.addr=");
    }

    [Fact]
    public async Task A_policy_that_is_not_known_is_skipped_with_a_warning()
    {
        _cluster.ServerPolicies = "shop/missing";
        _cluster.WritePolicies(string.Empty);
        TestNode server = await _cluster.StartServerAsync();
        await _cluster.StartClientAsync();

        Assert.NotEmpty(await Requests.ExchangeAsync(_cluster.Forward(1), Requests.Hello));

        await server.Log.WaitForAsync("\twarn\trbac:proxy{wl=shop/server}:inbound{", "}\tskipping unknown policy shop/missing\t");
    }

    [Fact]
    public async Task A_change_of_policies_does_not_warn_once_more_for_each_live_connection()
    {
        _cluster.ServerPolicies = "shop/missing";
        _cluster.WritePolicies(string.Empty);
        TestNode server = await _cluster.StartServerAsync(("RUST_LOG", "info,rbac=debug"));
        await _cluster.StartClientAsync();
        using Socket live = await Requests.ConnectAsync(_cluster.Forward(1));
        await live.SendAsync("a"u8.ToArray());
        Assert.Equal("aa", await Requests.ReceiveAsync(live, 2));

        _cluster.WritePolicies(DenyOthers);

        // The same judgement again, now at the level of the others.
        await server.Log.WaitForAsync("\tdebug\trbac:", "}\tskipping unknown policy shop/missing\t");
        Assert.Single(server.Log.Lines, line => line.Contains("\twarn\trbac:", StringComparison.Ordinal));
    }
}
