using System.Net;
using Ambient.InProcessTests.Ztunnel;

namespace Ambient.InProcessTests.Flows;

/// <summary>What a pod's HBONE port answers to callers that are no ztunnel of ours (node-proxy 11.1, 11.4). Host 2 is the server.</summary>
public sealed class InboundRequestTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();
    private DirectCaller _caller = null!;

    public async Task InitializeAsync()
    {
        _rig.StartApplication(2);
        _caller = await _rig.StartCallerAsync("client");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_request_for_another_address_is_answered_with_400_and_both_addresses_are_logged()
    {
        TestNode server = await StartServerAsync("{ 80: 8080 }", "{}");

        Assert.Equal(400, (await _caller.AskAsync(Hbone, $"{_rig.Host(1)}:8080")).Status);

        string line = await server.Log.WaitForAsync("connection failed");
        Assert.Contains($"error=\"ip mismatch: {_rig.Host(2)} != {_rig.Host(1)}\"", line, StringComparison.Ordinal);
        Assert.Contains("error.side=\"Downstream\" error.reason=\"WrongDestination\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_about_a_request_that_names_no_trace_share_one_id_all_the_same()
    {
        TestNode server = await StartServerAsync("{ 80: 8080 }", "{}", ("RUST_LOG", "debug"));

        Assert.Equal(200, (await _caller.AskAsync(Hbone, $"{_rig.Host(2)}:8080")).Status);

        string received = await server.Log.WaitForAsync("\trequest received\t");
        string id = received[received.IndexOf("{id=", StringComparison.Ordinal)..][..36];
        Assert.Matches("^{id=[0-9a-f]{32}$", id);
        await server.Log.WaitForAsync("\trbac:", id, "no allow policies, allow");
    }

    [Theory]
    [InlineData("{ 80: 8080 }", "{}")]
    [InlineData("{ 80: 0 }", "{ 80: 8080 }")]
    public async Task A_request_by_the_host_name_of_a_service_reaches_its_target_port_named_or_not(string ports, string endpointPorts)
    {
        await StartServerAsync(ports, endpointPorts);

        DirectAnswer answer = await _caller.AskAsync(Hbone, "server.default.svc.cluster.local:80");

        Assert.Equal((200, Requests.Hello + Requests.Hello), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("true", "k8s.cluster.name=Kubernetes")]
    [InlineData("false", null)]
    public async Task The_answer_describes_the_pod_unless_that_is_switched_off(string setting, string? expected)
    {
        await StartServerAsync("{ 80: 8080 }", "{}", ("ENABLE_RESPONSE_BAGGAGE", setting));

        DirectAnswer answer = await _caller.AskAsync(Hbone, $"{_rig.Host(2)}:8080");

        Assert.Equal(200, answer.Status);
        Assert.Equal(expected is not null, answer.Baggage is not null);
        Assert.Contains(expected ?? string.Empty, answer.Baggage ?? string.Empty, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "src.workload=\"far-app\"")]
    [InlineData("false", null)]
    public async Task What_a_caller_from_another_network_says_of_itself_is_believed_in_telemetry_unless_that_is_switched_off(string setting, string? expected)
    {
        TestNode server = await StartServerAsync("{ 80: 8080 }", "{}", ("ENABLE_RESPONSE_BAGGAGE", setting));

        DirectAnswer answer = await _caller.AskAsync(
            Hbone,
            "server.default.svc.cluster.local:80",
            ("x-forwarded-network", "elsewhere"),
            ("baggage", "k8s.cluster.name=far,k8s.namespace.name=other,k8s.deployment.name=far-deployment,service.name=far-app,service.version=v2"));

        Assert.Equal(200, answer.Status);
        string line = await server.Log.WaitForAsync("connection complete");
        Assert.Equal(expected is not null, line.Contains("src.workload", StringComparison.Ordinal));
        Assert.Contains(expected ?? string.Empty, line, StringComparison.Ordinal);
        Assert.Contains("src.identity=\"spiffe://cluster.local/ns/shop/sa/client\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_of_another_trust_domain_is_refused_in_the_handshake()
    {
        TestNode server = await StartServerAsync("{ 80: 8080 }", "{}");
        DirectCaller foreigner = await _rig.StartCallerAsync("client", "clusterset.local");

        DirectAnswer answer = await foreigner.AskAsync(Hbone, $"{_rig.Host(2)}:8080");

        Assert.Equal(0, answer.Status);
        string line = await server.Log.WaitForAsync("connection failed", "SanError");
        Assert.Contains("expected an identity of trust domain 'cluster.local'", line, StringComparison.Ordinal);
        Assert.Contains("error.phase=\"TlsHandshake\" error.side=\"Downstream\" error.reason=\"IdentityMismatch\"", line, StringComparison.Ordinal);
    }

    private IPEndPoint Hbone => new(_rig.Host(2), 15008);

    private Task<TestNode> StartServerAsync(string ports, string endpointPorts, params (string, string)[] more) => _rig.StartNodeAsync(
        2,
        "server",
        "workloads:\n" + _rig.Workload(2, "server", $"clusterId: Kubernetes, services: {{ shop/server.default.svc.cluster.local: {endpointPorts} }}")
            + $$"""
            services:
              - { name: server, namespace: shop, hostname: server.default.svc.cluster.local, vips: [], ports: {{ports}} }
            """,
        [],
        more);
}
