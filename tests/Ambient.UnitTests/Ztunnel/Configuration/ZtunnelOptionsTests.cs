using System.Net;
using Ambient.Ztunnel.Configuration;

namespace Ambient.UnitTests.Ztunnel.Configuration;

public sealed class ZtunnelOptionsTests
{
    [Fact]
    public void Has_the_documented_defaults()
    {
        ZtunnelOptions options = Given.Options();

        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 15001), options.Listeners.Outbound);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 15006), options.Listeners.InboundPlaintext);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 15008), options.Listeners.Inbound);
        Assert.Null(options.Listeners.OriginalSource);
        Assert.Equal(
            new KeepaliveSettings(TimeSpan.FromSeconds(180), TimeSpan.FromSeconds(180), 9, null), options.Sockets.Keepalive);
        Assert.Equal(new TunnelOptions(100, TimeSpan.FromMinutes(5), 4_194_304, 16_777_216, 1_048_576), options.Tunnels);
        Assert.Equal(("Kubernetes", "cluster.local", ""), (options.Proxy.ClusterId, options.Proxy.ClusterDomain, options.Proxy.Network));
        Assert.Equal(TimeSpan.FromHours(24), options.Certificates.SecretTtl);
        Assert.Equal(
            ("localhost:15000", "*:15020", "*:15021"),
            (options.Admin.Admin.ToString(), options.Admin.Stats.ToString(), options.Admin.Readiness.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(5), options.Drain.Deadline);
        Assert.True(options.Proxy.LocalhostAppTunnel && options.Proxy.ResponseBaggage);
    }

    [Fact]
    public void Marks_packets_in_shared_mode_only_unless_told()
    {
        OptionsResult shared = Given.ReadOnly(("LOCAL_XDS_PATH", "f"), ("AMBIENT_LOCAL_ROOT", "r"), ("AMBIENT_PODS", "p"));

        Assert.Equal(1337u, shared.Options!.Sockets.PacketMark);
        Assert.Null(Given.Options().Sockets.PacketMark);
        Assert.Equal(7u, Given.Options(("PACKET_MARK", "7")).Sockets.PacketMark);
    }

    [Fact]
    public void Reports_every_error_at_once_with_name_value_and_what_is_accepted()
    {
        OptionsResult result = Given.Read(
            ("KEEPALIVE_ENABLED", "yes"),
            ("POOL_UNUSED_RELEASE_TIMEOUT", "5"),
            ("HTTP2_FRAME_SIZE", "100"),
            ("PROXY_MODE", "both"),
            ("RUST_LOG", "loud"),
            ("AMBIENT_OUTBOUND_ADDRESS", "15001"),
            ("AMBIENT_ADMIN_ADDRESS", "15000"),
            ("ZTUNNEL_WORKER_THREADS", "many"),
            ("PACKET_MARK", "0x539"));

        Assert.Null(result.Options);
        string[] texts = [.. result.Errors.Select(error => error.ToString())];
        Assert.Contains("KEEPALIVE_ENABLED: invalid value 'yes': use true or false", texts);
        Assert.Contains("HTTP2_FRAME_SIZE: invalid value '100': use a whole number from 16384 to 16777215", texts);
        Assert.Contains("POOL_UNUSED_RELEASE_TIMEOUT: invalid value '5': use a duration such as 10s, 5m or 1h30m", texts);
        string[] names = ["PROXY_MODE", "RUST_LOG", "AMBIENT_OUTBOUND_ADDRESS", "AMBIENT_ADMIN_ADDRESS", "ZTUNNEL_WORKER_THREADS", "PACKET_MARK"];
        Assert.All(names, name => Assert.Single(texts, text => text.StartsWith(name + ": invalid value", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("TLS12_ENABLED", "true")]
    [InlineData("COMPLIANCE_POLICY", "fips-140-2")]
    [InlineData("COMPLIANCE_POLICY", "PQC ")]
    [InlineData("FAKE_CA", "true")]
    public void Refuses_what_this_build_cannot_honour(string name, string value)
    {
        SettingError error = Assert.Single(Given.Read((name, value)).Errors);
        Assert.Equal((name, value), (error.Setting, error.Value));
    }

    [Fact]
    public void Dns_alone_needs_nobody_who_certifies_and_something_must_be_left_to_run()
    {
        (string, string)[] agent = [("LOCAL_XDS_PATH", "mesh.yaml"), ("XDS_ADDRESS", ""), ("ENABLE_PROXY", "false")];
        ZtunnelOptions alone = Given.ReadOnly(agent).Options!;
        Assert.Equal((false, true), (alone.Proxy.Enabled, alone.Dns.Enabled));
        Assert.True(Given.Options().Proxy.Enabled);

        SettingError nothing = Assert.Single(Given.ReadOnly([.. agent, ("ISTIO_META_DNS_CAPTURE", "false")]).Errors);
        Assert.Equal("ENABLE_PROXY", nothing.Setting);
        Assert.Contains("ISTIO_META_DNS_CAPTURE", nothing.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("pqc", true)]
    public void A_compliance_policy_is_taken_by_its_name(string policy, bool isPostQuantum)
    {
        ZtunnelOptions options = Given.Options(("COMPLIANCE_POLICY", policy));
        Assert.Equal(isPostQuantum, options.Certificates.Compliance == CompliancePolicy.PostQuantum);
        Assert.Equal(isPostQuantum, new EffectiveConfiguration(options).ToString().Contains("X25519MLKEM768", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_without_tunnels_needs_no_cryptography_for_them_but_a_policy_that_does_not_exist_is_refused_all_the_same()
    {
        Assert.Equal(CompliancePolicy.None, Given.Options(("ENABLE_PROXY", "false"), ("COMPLIANCE_POLICY", "pqc")).Certificates.Compliance);
        Assert.Equal("COMPLIANCE_POLICY", Assert.Single(Given.Read(("ENABLE_PROXY", "false"), ("COMPLIANCE_POLICY", "x")).Errors).Setting);
    }

    [Theory]
    [InlineData("TLS12_ENABLED", "false")]
    [InlineData("COMPLIANCE_POLICY", "")]
    [InlineData("CRL_PATH", "")]
    [InlineData("XDS_ADDRESS", "https://istiod:15012")]
    [InlineData("CA_ADDRESS", "https://istiod:15012")]
    public void Accepts_the_same_settings_where_they_ask_for_nothing(string name, string value) =>
        Assert.Empty(Given.Read((name, value)).Errors);

    [Theory]
    [InlineData("XDS_ADDRESS", "http://istiod:15010")]
    [InlineData("XDS_ADDRESS", "https://")]
    [InlineData("CA_ADDRESS", "https://user@istiod:1")]
    [InlineData("CA_ADDRESS", "https://istiod:1/path")]
    [InlineData("CA_ADDRESS", "istiod:port")]
    [InlineData("ISTIO_META_DNS_PROXY_ADDR", "15053")]
    [InlineData("ISTIO_META_DNS_PROXY_ADDR", "*:15053")]
    [InlineData("ISTIO_META_DNS_PROXY_ADDR", "[::]:15053")]
    [InlineData("ISTIO_META_DNS_PROXY_ADDR", "127.0.0.1:0")]
    [InlineData("ISTIO_META_DNS_PROXY_ADDR", "localhost:0")]
    [InlineData("ISTIO_META_DNS_PROXY_ADDR", "a b:53")]
    public void Checks_addresses(string name, string value) =>
        Assert.Equal([name], NamesOf(Given.Read((name, value))));

    [Theory]
    [InlineData(null, true)]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData("1", false)]
    public void Pods_have_a_dns_proxy_unless_capture_is_something_other_than_true(string? value, bool isEnabled) =>
        Assert.Equal(isEnabled, (value is null ? Given.Options() : Given.Options(("ISTIO_META_DNS_CAPTURE", value))).Dns.Enabled);

    [Theory]
    [InlineData("localhost:53", "localhost:53")]
    [InlineData("127.0.0.1:15053", "127.0.0.1:15053")]
    [InlineData("[::1]:15053", "[::1]:15053")]
    public void Moves_the_dns_proxy(string value, string address) =>
        Assert.Equal(address, Given.Options(("ISTIO_META_DNS_PROXY_ADDR", value)).Dns.Address.ToString());

    [Fact]
    public void Reads_an_address_without_a_scheme_as_https()
    {
        ZtunnelOptions options = Given.Options(
            ("XDS_ADDRESS", "istiod.istio-system.svc:15012"), ("CA_ADDRESS", "https://[::1]:15012"), ("ISTIO_META_DNS_PROXY_ADDR", "localhost:15053"));

        Assert.Equal("https://istiod.istio-system.svc:15012", options.Mesh.XdsAddress);
        Assert.Equal("https://[::1]:15012", options.Certificates.CaAddress);
    }

    [Fact]
    public void In_a_cluster_the_control_plane_is_the_clusters_unless_another_or_a_file_is_given()
    {
        (string, string)[] cluster =
            [("PROXY_MODE", "dedicated"), ("PROXY_WORKLOAD_INFO", "a/b/c"), ("AMBIENT_LOCAL_ROOT", "/r"), ("KUBERNETES_SERVICE_HOST", "10.0.0.1")];
        MeshSourceOptions Mesh(params (string, string)[] more) => Given.ReadOnly([.. cluster, .. more]).Options!.Mesh;

        Assert.Equal(("https://istiod.istio-system.svc:15012", true), (Mesh().XdsAddress, Mesh().UsesControlPlane));
        Assert.Equal("https://other:1", Mesh(("XDS_ADDRESS", "other:1")).XdsAddress);
        Assert.Equal("https://configured:2", Mesh(("PROXY_CONFIG", "discoveryAddress: configured:2")).XdsAddress);
        Assert.Equal((null, false), (Mesh(("XDS_ADDRESS", "")).XdsAddress, Mesh(("LOCAL_XDS_PATH", "/m")).UsesControlPlane));
    }

    [Fact]
    public void Needs_a_local_mesh_and_a_local_root_or_an_authority()
    {
        (string, string)[] mode = [("PROXY_MODE", "dedicated"), ("PROXY_WORKLOAD_INFO", "a/b/c")];

        Assert.Equal(["AMBIENT_LOCAL_ROOT", "LOCAL_XDS_PATH"], NamesOf(Given.ReadOnly(mode)));
        Assert.Equal(
            [], NamesOf(Given.ReadOnly([.. mode, ("XDS_ADDRESS", "https://x:1"), ("CA_ADDRESS", "https://x:1")])));
        Assert.Equal(["AMBIENT_LOCAL_ROOT"], NamesOf(Given.ReadOnly([.. mode, ("XDS_ADDRESS", "")])));
        Assert.Equal(["CA_ADDRESS"], NamesOf(Given.ReadOnly([.. mode, ("LOCAL_XDS", "workloads: []"), ("CA_ADDRESS", "")])));
        Assert.Equal(["LOCAL_XDS"], NamesOf(Given.Read(("LOCAL_XDS", "workloads: []"))));
    }

    [Fact]
    public void Asks_the_clusters_authority_where_none_is_named()
    {
        (string, string)[] cluster =
        [
            ("PROXY_MODE", "dedicated"), ("PROXY_WORKLOAD_INFO", "a/b/c"), ("LOCAL_XDS", "workloads: []"), ("KUBERNETES_SERVICE_HOST", "10.0.0.1"),
        ];

        Assert.Equal("https://istiod.istio-system.svc:15012", Given.ReadOnly(cluster).Options!.Certificates.CaAddress);
        Assert.Equal(["CA_ADDRESS"], NamesOf(Given.ReadOnly([.. cluster, ("CA_ADDRESS", "")])));
    }

    [Fact]
    public void Needs_a_workload_in_dedicated_mode_and_pods_in_shared_mode()
    {
        Assert.Equal(["PROXY_WORKLOAD_INFO"], NamesOf(Given.Read(("PROXY_WORKLOAD_INFO", "shop/web"))));
        Assert.Equal(["AMBIENT_PODS"], NamesOf(Given.Read(("AMBIENT_PODS", "pods.yaml"))));
        Assert.Equal(["PROXY_WORKLOAD_INFO"], NamesOf(Given.Read(("PROXY_MODE", "shared"))));
    }

    [Fact]
    public void Shared_mode_has_its_pods_from_the_node_agent_or_from_a_list()
    {
        PodOptions Read(params (string, string)[] more) =>
            Given.ReadOnly([("LOCAL_XDS_PATH", "f"), ("AMBIENT_LOCAL_ROOT", "r"), .. more]).Options!.Pods;

        Assert.Equal(new PodOptions(null, "/var/run/ztunnel/ztunnel.sock"), Read());
        Assert.Equal(new PodOptions(null, "/run/agent.sock"), Read(("INPOD_UDS", "/run/agent.sock")));
        Assert.Equal(new PodOptions("pods.yaml", null), Read(("AMBIENT_PODS", "pods.yaml")));
        Assert.Equal(new PodOptions(null, null), Given.Options().Pods);
    }

    [Theory]
    [InlineData("AMBIENT_PODS", "AMBIENT_PODS", "pods.yaml", "/run/agent.sock")]
    [InlineData("INPOD_UDS", "NETWORK", "", "/an/address/of/a/unix/socket/that/is/far/too/long/for/the/hundred/and/seven/bytes/that/the/kernel/keeps/for/it.sock")]
    public void Refuses_two_sources_of_pods_and_a_socket_path_that_no_socket_can_have(string refused, string name, string value, string socket)
    {
        OptionsResult read = Given.ReadOnly(("LOCAL_XDS_PATH", "f"), ("AMBIENT_LOCAL_ROOT", "r"), (name, value), ("INPOD_UDS", socket));

        Assert.Equal(refused, Assert.Single(read.Errors).Setting);
    }

    [Theory]
    [InlineData("30", 25)]
    [InlineData("11", 6)]
    [InlineData("10", 9)]
    [InlineData("2", 1)]
    [InlineData("1", 1)]
    [InlineData("0", 1)]
    public void Drains_within_the_grace_period(string gracePeriod, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Given.Options(("TERMINATION_GRACE_PERIOD_SECONDS", gracePeriod)).Drain.Deadline);
        Assert.Equal(
            TimeSpan.FromMinutes(1),
            Given.Options(("TERMINATION_GRACE_PERIOD_SECONDS", gracePeriod), ("CONNECTION_TERMINATION_DEADLINE", "1m")).Drain.Deadline);
    }

    [Fact]
    public void Computes_the_user_timeout_from_the_keepalive()
    {
        ZtunnelOptions options = Given.Options(
            ("USER_TIMEOUT_ENABLED", "true"), ("KEEPALIVE_TIME", "10s"), ("KEEPALIVE_INTERVAL", "5s"), ("KEEPALIVE_RETRIES", "3"));

        Assert.Equal(TimeSpan.FromSeconds(25), options.Sockets.Keepalive!.UserTimeout);
        Assert.Null(Given.Options(("KEEPALIVE_ENABLED", "false"), ("USER_TIMEOUT_ENABLED", "true")).Sockets.Keepalive);
    }

    [Fact]
    public void Prefers_the_metadata_cluster_id()
    {
        Assert.Equal("b", Given.Options(("CLUSTER_ID", "a"), ("ISTIO_META_CLUSTER_ID", "b")).Proxy.ClusterId);
        Assert.Equal("a", Given.Options(("CLUSTER_ID", "a")).Proxy.ClusterId);
        Assert.Equal("c", Given.Options(("CLUSTER_ID", "a"), ("PROXY_CONFIG", "proxyMetadata: {CLUSTER_ID: c}")).Proxy.ClusterId);
    }

    [Fact]
    public void Merges_metadata_from_environment_over_proxy_config_over_mesh_file()
    {
        const string mesh = "defaultConfig:\n  statsPort: 1001\n  proxyAdminPort: 1002\n  proxyMetadata: {A: mesh, B: mesh, ISTIO_META_C: mesh}\n";
        OptionsResult result = Given.ReadWith(
            mesh, 8, ("PROXY_CONFIG", "{\"statsPort\": 2001, \"proxyMetadata\": {\"ISTIO_META_B\": \"own\"}}"), ("ISTIO_META_A", "env"));

        Assert.Empty(result.Errors);
        Assert.Equal(
            [new("A", "env"), new("B", "own"), new KeyValuePair<string, string>("C", "mesh")], result.Options!.Metadata.Values);
        Assert.Equal(("localhost:1002", "*:2001"), (result.Options.Admin.Admin.ToString(), result.Options.Admin.Stats.ToString()));
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("a: b: c")]
    [InlineData("{")]
    [InlineData("concurrency: many")]
    [InlineData("statsPort: 65536")]
    [InlineData("- &a [*a]")]
    public void Refuses_a_broken_proxy_config(string text) => Assert.NotEmpty(Given.Read(("PROXY_CONFIG", text)).Errors);

    [Fact]
    public void Never_throws_on_a_mutated_proxy_config()
    {
        Mutations.Of(
            "{\"concurrency\": 2, \"statsPort\": 15020, \"proxyMetadata\": {\"A\": \"b\"}}",
            5_000,
            text => Assert.NotNull(Given.Read(("PROXY_CONFIG", text))));
    }

    [Fact]
    public void Takes_metadata_that_is_not_json_as_it_is_since_it_is_left_out_where_it_is_told() =>
        Assert.Equal("{", Given.Options(("ISTIO_METAJSON_X", "{")).Metadata.JsonValues["X"]);

    [Fact]
    public void Refuses_header_names_that_are_not_keys()
    {
        SettingError error = Assert.Single(Given.Read(("XDS_HEADER_Bad Name", "secret")).Errors);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(Given.Read(("CA_HEADER_x-a", "line\nbreak")).Errors);
        Assert.Equal("v", Given.Options(("XDS_HEADER_x-a", "v")).Mesh.XdsHeaders["x-a"]);
    }

    [Fact]
    public void Refuses_to_learn_the_mesh_on_demand_beside_the_dns_proxy()
    {
        SettingError error = Assert.Single(Given.Read(("XDS_ON_DEMAND", "true")).Errors);
        Assert.Contains("DNS proxy does not currently support on-demand mode", error.ToString(), StringComparison.Ordinal);
        Assert.True(Given.Options(("XDS_ON_DEMAND", "true"), ("ISTIO_META_DNS_CAPTURE", "false")).Mesh.OnDemand);
    }

    [Fact]
    public void Listens_on_ipv4_alone_when_ipv6_is_off()
    {
        Assert.Equal(IPAddress.Any, Given.Options(("IPV6_ENABLED", "false")).Listeners.Outbound.Address);
    }

    [Fact]
    public void Treats_moved_listeners_as_its_own_ports()
    {
        ListenerOptions listeners = Given.Options(
            ("AMBIENT_OUTBOUND_ADDRESS", "127.0.0.1:21001"), ("AMBIENT_FORWARD", "127.0.0.1:1=10.0.0.1:80, 127.0.0.1:2=10.0.0.2:80")).Listeners;

        Assert.Equal([15006, 15008, 21001], listeners.OwnPorts.Order());
        Assert.Equal(2, listeners.Forwards.Count);
        Assert.NotEmpty(Given.Read(("AMBIENT_INBOUND_ADDRESS", "[::]:15001")).Errors);
    }

    [Fact]
    public void Shows_no_secret_in_the_effective_configuration()
    {
        var effective = new EffectiveConfiguration(Given.Options(
            ("AUTH_TOKEN", "hunter2"), ("XDS_HEADER_x", "hunter2"), ("CA_HEADER_x", "hunter2"), ("CA_ROOT_CA", "-----BEGIN hunter2")));

        Assert.DoesNotContain("hunter2", effective.ToString(), StringComparison.Ordinal);
        Assert.Contains("dedicated, for shop/web-0/web", effective.ToString(), StringComparison.Ordinal);
        Assert.Contains("AUTH_TOKEN (nobody is asked)", effective.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> NamesOf(OptionsResult result) => result.Errors.Select(error => error.Setting).Order(StringComparer.Ordinal);
}
