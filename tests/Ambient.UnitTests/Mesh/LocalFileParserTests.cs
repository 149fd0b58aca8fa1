using System.Text;
using Ambient.Mesh.LocalFile;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

public class LocalFileParserTests
{
    private const string MinimalWorkload = "{workloadIps: [10.0.0.1], namespace: a, services: {}}";

    [Fact]
    public void The_example_of_the_specification_loads()
    {
        MeshSnapshot snapshot = Load(TestData.Read("local-file/example.yaml"));
        Service service = snapshot.FindServiceByVip(string.Empty, Ip("10.96.4.20"), "shop")!;
        Assert.Equal(("web.shop.svc.cluster.local", true, IpFamilies.Dual), (service.Hostname, service.Canonical, service.IpFamilies!.Value));
        Assert.Equal([RoutingScope.Network, RoutingScope.Region, RoutingScope.Zone], service.LoadBalancer!.RoutingPreferences.AsEnumerable());
        Endpoint endpoint = snapshot.EndpointsOf(service.Key).Find("demo//Pod/shop/web-0")!;
        Assert.True(endpoint.Ports.TryGetTarget(80, out ushort target));
        Assert.Equal(8080, target);

        Workload web = snapshot.FindWorkload(string.Empty, Ip("fd00:8::11"))!;
        Assert.Equal("spiffe://cluster.local/ns/shop/sa/web", web.Identity.ToString());
        Assert.Equal((TunnelProtocol.Hbone, 1u, HealthStatus.Healthy), (web.Protocol, web.Capacity, web.Status));
        Workload db = snapshot.FindWorkload("demo//Pod/shop/db-0")!;
        Assert.Equal(GatewayAddress.ByHostname(new ServiceKey("shop", "wp.shop.svc.cluster.local"), 15008), db.Waypoint);

        AuthorizationPolicy policy = snapshot.FindPolicy("shop/only-api")!;
        Assert.Equal(2, Assert.Single(policy.Rules).Clauses.Length);
        Assert.Empty(snapshot.PoliciesOfNamespace("shop").ToArray());
    }

    [Fact]
    public void JSON_loads_the_same_way()
    {
        MeshSnapshot snapshot = Load(
            """
            {"workloads": [{"uid": "u", "workloadIps": ["10.0.0.1"], "namespace": "a", "services": {"a/b": {"80": 8080}}, "waypoint": null}],
             "services": [{"name": "b", "namespace": "a", "hostname": "b", "vips": ["/10.1.0.1"], "ports": {"80": 8080}}]}
            """);
        Assert.Equal(1, snapshot.EndpointsOf(new ServiceKey("a", "b")).Count);
    }

    [Fact]
    public void Nothing_is_defaulted_that_only_discovery_defaults()
    {
        Workload workload = Load($"workloads: [{MinimalWorkload}]").FindWorkload(string.Empty)!;
        Assert.Equal((string.Empty, string.Empty, string.Empty), (workload.TrustDomain, workload.ServiceAccount, workload.ClusterId));
        Assert.Equal(TunnelProtocol.Tcp, workload.Protocol);
    }

    [Fact]
    public void The_node_name_decides_which_workloads_are_local()
    {
        const string Text = "workloads: [{uid: u, name: n, serviceAccount: s, node: here, workloadIps: [], namespace: a, services: {}}]";
        LocalWorkloadKey key = new("a", "s", "n");
        Assert.NotNull(LocalFileParser.Parse(Text, "here").Snapshot!.FindLocalWorkload(key));
        Assert.Null(LocalFileParser.Parse(Text, "there").Snapshot!.FindLocalWorkload(key));
    }

    [Theory]
    [InlineData("", 1, "the file is empty")]
    [InlineData("# nothing\n", 2, "the file is empty")]
    [InlineData("[]", 1, "expected a mapping, found a list")]
    [InlineData("workloads:", 1, "workloads: expected a list")]
    [InlineData("workload: []", 1, "unknown key \"workload\" in the file; known keys: policies, services, workloads")]
    [InlineData("workloads: []\nworkloads: []", 2, "key \"workloads\" occurs twice")]
    [InlineData("workloads: []\n---\nworkloads: []", 2, "more than one document")]
    [InlineData("workloads: &a []", 1, "anchors, aliases and tags are not accepted")]
    [InlineData("workloads: !!seq []", 1, "anchors, aliases and tags are not accepted")]
    [InlineData("workloads:\n  - [", 3, "")]
    [InlineData("workloads: [{namespace: a}]", 1, "a workload lacks workloadIps, services")]
    [InlineData("services: [{namespace: a, name: b}]", 1, "a service lacks hostname, vips, ports")]
    [InlineData("policies:\n - {name: a, rules: []}", 2, "a policy lacks namespace, scope, action, dryRun")]
    [InlineData("workloads:\n - workloadIps: [10.0.0.256]\n   namespace: a\n   services: {}", 2, "\"10.0.0.256\" is not an IPv4 or IPv6 address")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: []", 4, "services: expected a mapping, found a list")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {b: {}}", 4, "\"b\" is not namespace/hostname")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {a/b: {x: 1}}", 4, "\"x\" is not a port")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {a/b: {1: 65536}}", 4, "expected a number from 0 to 65535, found \"65536\"")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {a/b: {1: 2, 01: 3}}", 4, "port 1 occurs twice")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {}\n   protocol: hbone", 5, "protocol: expected one of TCP, HBONE, found \"hbone\"")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: ~\n   services: {}", 3, "namespace: expected text")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: \"a\\u0007\"\n   services: {}", 3, "\"a?\" has a control character")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {}\n   nativeTunnel: yes", 5, "nativeTunnel: expected true or false, found \"yes\"")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {}\n   capacity: -1", 5, "capacity: expected a number")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {}\n   waypoint: {destination: x, hboneMtlsPort: 1}", 5, "\"x\" is not namespace/hostname")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {}\n   waypoint: {destination: /10.0.0.1}", 5, "a gateway reference lacks hboneMtlsPort")]
    [InlineData("workloads:\n - workloadIps: []\n   namespace: a\n   services: {}\n   applicationTunnel: {port: 1}", 5, "an application tunnel lacks protocol")]
    [InlineData("services:\n - {name: a, namespace: a, hostname: a, vips: [10.0.0.1], ports: {}}", 2, "\"10.0.0.1\" is not network/address")]
    [InlineData("services:\n - {name: a, namespace: a, hostname: a, vips: [], ports: {}, loadBalancer: {mode: Strict}}", 2, "a load balancer lacks routingPreferences, healthPolicy")]
    [InlineData("services:\n - {name: a, namespace: a, hostname: a, vips: [], ports: {}, cidrVips: [{network: a, cidr: 10.0.0.1}]}", 2, "is not a block such as")]
    [InlineData("services:\n - {name: a, namespace: a, hostname: a, vips: [], ports: {}, endpoints: {u: {workloadUid: u, port: {}}}}", 2, "endpoint \"u\" is no workload of this file")]
    [InlineData("policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: [[[{principals: [{}]}]]]}", 2, "exactly one of Exact, Prefix, Suffix, Presence")]
    [InlineData("policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: [[[{principals: [a]}]]]}", 2, "expected a mapping, found \"a\"")]
    [InlineData("policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: [[[{principals: [{Exact: a, Prefix: b}]}]]]}", 2, "exactly one of")]
    [InlineData("policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: [[[{principals: [{Presence: [1]}]}]]]}", 2, "Presence: expected an empty list")]
    [InlineData("policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: [[[{ports: [80]}]]]}", 2, "unknown key \"ports\" in a match")]
    [InlineData("policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: [[{destinationPorts: [80]}]]}", 2, "a clause: expected a list, found a mapping")]
    public void Every_error_has_its_line_and_reason(string text, long line, string reason)
    {
        LocalFileResult result = LocalFileParser.Parse(text);
        Assert.False(result.IsValid);
        Assert.Null(result.Snapshot);
        Assert.Contains(result.Errors, error => error.Line == line && error.Column >= 1 && error.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void All_errors_are_reported_together_in_the_order_of_the_file()
    {
        LocalFileResult result = LocalFileParser.Parse(
            """
            workloads:
              - namespace: a
                protocol: UDP
                workloadIps: [1.2.3]
            services:
              - name: x
                vips: []
                colour: green
            """);
        Assert.Equal(
            [
                "line 2, column 5: a workload lacks services",
                "line 3, column 15: protocol: expected one of TCP, HBONE, found \"UDP\"",
                "line 4, column 19: \"1.2.3\" is not an IPv4 or IPv6 address",
                "line 6, column 5: a service lacks namespace, hostname, ports",
                "line 8, column 5: unknown key \"colour\" in a service; known keys: canonical, cidrVips, endpoints, hostname, ipFamilies, "
                + "loadBalancer, name, namespace, ports, subjectAltNames, vips, visibility, waypoint, weightedWaypoints",
            ],
            result.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void A_key_used_twice_names_the_other_line()
    {
        LocalFileResult result = LocalFileParser.Parse(
            $"workloads:\n - {MinimalWorkload}\n - {MinimalWorkload}\n"
            + "services:\n - &x {name: a, namespace: a, hostname: a, vips: [], ports: {}}\n".Replace("&x ", string.Empty, StringComparison.Ordinal)
            + " - {name: b, namespace: a, hostname: a, vips: [], ports: {}}\n"
            + "policies:\n - {name: a, namespace: a, scope: Global, action: Deny, dryRun: false, rules: []}\n"
            + " - {name: a, namespace: a, scope: Namespace, action: Allow, dryRun: false, rules: []}\n");
        Assert.Equal(
            [
                "line 3, column 4: uid \"\" is also that of the workload in line 2",
                "line 6, column 4: service \"a/a\" is also in line 5",
                "line 9, column 4: policy \"a/a\" is also in line 8",
            ],
            result.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void An_endpoint_must_have_its_workloads_health_and_its_own_key()
    {
        const string Text =
            """
            workloads: [{uid: u, workloadIps: [], namespace: a, services: {}}]
            services:
            - {name: a, namespace: a, hostname: a, vips: [], ports: {}, endpoints: {u: {workloadUid: u, port: {80: 81}, status: STATUS}}}
            """;
        MeshSnapshot snapshot = Load(Text.Replace("STATUS", "Healthy", StringComparison.Ordinal));
        Assert.Equal(1, snapshot.EndpointsOf(new ServiceKey("a", "a")).Count);
        Assert.Contains("is Unhealthy, but its workload is Healthy", ErrorOf(Text.Replace("STATUS", "Unhealthy", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("must have the same workloadUid", ErrorOf(Text.Replace("{u: {", "{v: {", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_errors_is_bounded()
    {
        LocalFileResult result = LocalFileParser.Parse($"workloads: [{string.Join(',', Enumerable.Repeat("1", 500))}]");
        Assert.Equal(LocalFileParser.MaxErrors + 1, result.Errors.Length);
        Assert.Equal("and 400 more errors", result.Errors[^1].Reason);
    }

    [Theory]
    [InlineData("x: ", '[')]
    [InlineData("x: ", '{')]
    [InlineData("workloads: ", '[')]
    public void Nesting_is_bounded(string start, char bracket)
    {
        string error = ErrorOf(start + new string(bracket, 100_000));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_small_file_cannot_become_a_large_one()
    {
        StringBuilder bomb = new("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (char name = 'b'; name <= 'z'; name++)
        {
            bomb.Append($"{name}: &{name} [{string.Join(',', Enumerable.Repeat($"*{(char)(name - 1)}", 9))}]\n");
        }

        Assert.False(LocalFileParser.Parse(bomb.ToString()).IsValid);
    }

    [Fact]
    public void A_file_over_the_limit_is_refused_unread()
    {
        const string Text = "workloads: []";
        Assert.True(LocalFileParser.Parse(Text, null, maxLength: Text.Length).IsValid);
        LocalFileError error = Assert.Single(LocalFileParser.Parse(Text, null, maxLength: Text.Length - 1).Errors);
        Assert.Equal("the file is 13 long, more than 12", error.Reason);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_with_their_line()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("workloads: []\n# "), 0xff, (byte)'\n'];
        LocalFileError error = Assert.Single(LocalFileParser.Parse(bytes).Errors);
        Assert.Equal((2, "the file is not valid UTF-8"), (error.Line, error.Reason));
        Assert.True(LocalFileParser.Parse(Encoding.UTF8.GetBytes("workloads: []")).IsValid);
    }

    [Theory]
    [InlineData("local-file/example.yaml", 53)]
    [InlineData("local-file/every-key.yaml", 59)]
    public void Mutated_files_give_a_snapshot_or_errors_with_a_place_and_nothing_else(string file, int seed)
    {
        string original = TestData.Read(file);
        int lines = original.Split('\n').Length;
        Random random = new(seed);
        int accepted = 0;
        for (int round = 0; round < 1000; round++)
        {
            LocalFileResult result = LocalFileParser.Parse(Mutation.Of(original, random, "{}[]:,-?&*!|>'\"%@#\n\t\0 é"));
            accepted += result.IsValid ? 1 : 0;
            Assert.Equal(result.IsValid, result.Errors.IsEmpty);
            Assert.All(result.Errors, error => Assert.InRange(error.Line, 1, lines + 40));
            Assert.All(result.Errors, error => Assert.True(error.Column >= 1 && error.Reason.Length > 0));
        }

        Assert.InRange(accepted, 20, 980);
    }

    private static MeshSnapshot Load(string text)
    {
        LocalFileResult result = LocalFileParser.Parse(text);
        Assert.True(result.IsValid, string.Join('\n', result.Errors));
        return result.Snapshot;
    }

    private static string ErrorOf(string text) => string.Join('\n', LocalFileParser.Parse(text).Errors);
}
