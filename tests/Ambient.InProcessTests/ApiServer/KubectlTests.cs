using System.Diagnostics;
using System.Text.Json.Nodes;
using Ambient.ApiServer;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>What people do with the server, by the program that they do it with.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Shop = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {clusterIP: 10.96.0.1, ports: [{port: 80, name: http}], selector: {app: web}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, labels: {app: web}}
        spec: {nodeName: n1, serviceAccountName: web, containers: [{name: c, image: x}]}
        """;

    private const string Policy = """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: only-curl, namespace: shop}
        spec:
          action: ALLOW
          rules:
          - from: [{source: {principals: [cluster.local/ns/shop/sa/curl]}}]
        """;

    private ApiServerHost _host = null!;
    private Kubectl _kubectl = null!;

    public async Task InitializeAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions());
        _kubectl = new Kubectl(_host);
    }

    public async Task DisposeAsync()
    {
        _kubectl.Dispose();
        await _host.DisposeAsync();
    }

    [KubectlFact]
    public async Task Apply_creates_then_changes_then_leaves_alone()
    {
        Assert.Equal(["namespace/shop created", "service/web created", "pod/web-1 created"], Lines(await _kubectl.FeedAsync(Shop, "apply")));
        Assert.Equal(
            ["namespace/shop unchanged", "service/web configured", "pod/web-1 unchanged"],
            Lines(await _kubectl.FeedAsync(Shop.Replace("port: 80", "port: 81", StringComparison.Ordinal), "apply")));

        JsonNode ports = (await GetAsync("service", "web"))["spec"]!["ports"]!;
        Assert.Equal(81, Assert.Single(ports.AsArray())!["port"]!.GetValue<int>());
    }

    [KubectlFact]
    public async Task Server_side_apply_owns_fields_and_names_conflicts()
    {
        await _kubectl.FeedAsync(Shop, "apply", "--server-side", "--field-manager", "first");
        Assert.Contains("service/web serverside-applied", await _kubectl.FeedAsync(Shop, "apply", "--server-side", "--field-manager", "first"), StringComparison.Ordinal);

        string other = Shop.Replace("nodeName: n1", "nodeName: n2", StringComparison.Ordinal);
        (int code, _, string errors) = await _kubectl.TryAsync(other, "apply", "--server-side", "--field-manager", "second", "-f", "-");
        Assert.NotEqual(0, code);
        Assert.Contains("conflict with \"first\"", errors, StringComparison.Ordinal);
        Assert.Contains(".spec.nodeName", errors, StringComparison.Ordinal);

        await _kubectl.FeedAsync(other, "apply", "--server-side", "--field-manager", "second", "--force-conflicts");
        Assert.Equal("n2", (await GetAsync("pod", "web-1"))["spec"]!["nodeName"]!.ToString());
    }

    [KubectlFact]
    public async Task Objects_are_shown_as_tables_and_selected()
    {
        await _kubectl.FeedAsync(Shop, "apply");
        await _kubectl.FeedAsync(Policy, "apply");

        string pods = await _kubectl.RunAsync("get", "pods", "-A", "-l", "app=web", "--field-selector", "spec.nodeName=n1");
        Assert.Matches(@"^NAMESPACE\s+NAME\s+STATUS\s+IP\s+NODE\s+AGE\nshop\s+web-1\s+n1\s", pods);
        Assert.Empty(await _kubectl.RunAsync("get", "pods", "-n", "shop", "-l", "app!=web"));
        Assert.Matches(@"NAME\s+ACTION\s+AGE\nonly-curl\s+ALLOW\s+\d+s", await _kubectl.RunAsync("get", "authorizationpolicies", "-n", "shop"));
        Assert.Contains("authorizationpolicy.security.istio.io/only-curl", await _kubectl.RunAsync("get", "ap", "-n", "shop", "-o", "name"), StringComparison.Ordinal);
        Assert.Contains("clusterIP: 10.96.0.1", await _kubectl.RunAsync("get", "service", "web", "-n", "shop", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Equal("10.96.0.1", await _kubectl.RunAsync("get", "service", "web", "-n", "shop", "-o", "jsonpath={.spec.clusterIP}"));
        Assert.Contains("CLUSTER-IP", await _kubectl.RunAsync("get", "service,pods", "-n", "shop", "-o", "wide"), StringComparison.Ordinal);
        Assert.Contains("Selector:", await _kubectl.RunAsync("describe", "service", "web", "-n", "shop"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Labels_and_annotations_come_and_go()
    {
        await _kubectl.FeedAsync(Shop, "apply");

        await _kubectl.RunAsync("label", "namespace", "shop", "istio.io/dataplane-mode=ambient");
        await _kubectl.RunAsync("annotate", "pod", "web-1", "-n", "shop", "ambient.istio.io/bypass-inbound-capture=true");
        Assert.Equal("ambient", (await GetAsync("namespace", "shop"))["metadata"]!["labels"]!["istio.io/dataplane-mode"]!.ToString());
        Assert.Equal("true", (await GetAsync("pod", "web-1"))["metadata"]!["annotations"]!["ambient.istio.io/bypass-inbound-capture"]!.ToString());
        (int code, _, string errors) = await _kubectl.TryAsync("", "label", "namespace", "shop", "istio.io/dataplane-mode=none");
        Assert.True(code != 0 && errors.Contains("--overwrite", StringComparison.Ordinal), errors);

        await _kubectl.RunAsync("label", "namespace", "shop", "istio.io/dataplane-mode-");
        Assert.Null((await GetAsync("namespace", "shop"))["metadata"]!["labels"]!["istio.io/dataplane-mode"]);
    }

    [KubectlFact]
    public async Task Patches_work_in_all_formats_and_a_custom_kind_has_no_strategic_one()
    {
        await _kubectl.FeedAsync(Shop, "apply");
        await _kubectl.FeedAsync(Policy, "apply");

        await _kubectl.RunAsync("patch", "service", "web", "-n", "shop", "--type", "merge", "-p", """{"spec":{"x":1}}""");
        await _kubectl.RunAsync("patch", "service", "web", "-n", "shop", "-p", """{"spec":{"ports":[{"port":443,"name":"tls"}]}}""");
        await _kubectl.RunAsync("patch", "service", "web", "-n", "shop", "--type", "json", "-p", """[{"op":"replace","path":"/spec/x","value":2}]""");
        JsonNode spec = (await GetAsync("service", "web"))["spec"]!;
        Assert.Equal(2, spec["x"]!.GetValue<int>());
        Assert.Equal([80, 443], spec["ports"]!.AsArray().Select(port => port!["port"]!.GetValue<int>()).Order());

        await _kubectl.RunAsync("patch", "ap", "only-curl", "-n", "shop", "--type", "merge", "-p", """{"spec":{"action":"DENY"}}""");
        (int code, _, string errors) = await _kubectl.TryAsync("", "patch", "ap", "only-curl", "-n", "shop", "--type", "strategic", "-p", """{"spec":{"action":"ALLOW"}}""");
        Assert.NotEqual(0, code);
        Assert.Contains("merge-patch+json", errors, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task A_watch_shows_each_change_as_it_is_made()
    {
        await _kubectl.FeedAsync(Shop, "apply");
        using Process watch = _kubectl.Start("get", "pods", "-n", "shop", "-w", "-o", "jsonpath={.metadata.name} {.metadata.labels.step}{\"\\n\"}");
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
            Assert.Equal("web-1", (await watch.StandardOutput.ReadLineAsync(limit.Token))?.Trim());
            await _kubectl.RunAsync("label", "pod", "web-1", "-n", "shop", "step=one");
            Assert.Equal("web-1 one", await watch.StandardOutput.ReadLineAsync(limit.Token));
            _host.Faults.CutWatches();
            await _kubectl.RunAsync("label", "pod", "web-1", "-n", "shop", "step=two", "--overwrite");
        }
        finally
        {
            watch.Kill();
        }
    }

    [KubectlFact]
    public async Task Delete_waits_and_wait_sees_it()
    {
        await _kubectl.FeedAsync(Shop, "apply");
        await _kubectl.RunAsync("patch", "pod", "web-1", "-n", "shop", "--type", "merge", "-p", """{"metadata":{"finalizers":["test/hold"]}}""");

        Task<string> deletion = _kubectl.RunAsync("delete", "pod", "web-1", "-n", "shop", "--wait", "--timeout=50s");
        await _kubectl.RunAsync("wait", "pod/web-1", "-n", "shop", "--for=jsonpath={.metadata.deletionGracePeriodSeconds}", "--timeout=1s").ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.False(deletion.IsCompleted);
        await _kubectl.RunAsync("patch", "pod", "web-1", "-n", "shop", "--type", "merge", "-p", """{"metadata":{"finalizers":null}}""");
        Assert.Contains("deleted", await deletion, StringComparison.Ordinal);

        await _kubectl.RunAsync("delete", "namespace", "shop");
        (int code, _, string errors) = await _kubectl.TryAsync("", "get", "service", "web", "-n", "shop");
        Assert.True(code != 0 && errors.Contains("NotFound", StringComparison.Ordinal), errors);
    }

    [KubectlFact]
    public async Task A_definition_is_established_and_waits_end()
    {
        await _kubectl.RunAsync("wait", "--for=condition=established", "crd/authorizationpolicies.security.istio.io", "--timeout=20s");
        await _kubectl.FeedAsync(Shop, "apply");
        await _kubectl.RunAsync("patch", "pod", "web-1", "-n", "shop", "--type", "merge", "-p", """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""");
        await _kubectl.RunAsync("wait", "--for=condition=Ready", "pod/web-1", "-n", "shop", "--timeout=20s");
    }

    [KubectlFact]
    public async Task What_is_served_is_listed()
    {
        string served = await _kubectl.RunAsync("api-resources");

        foreach (string kind in new[] { "AuthorizationPolicy", "PeerAuthentication", "ServiceEntry", "WorkloadEntry", "Gateway", "GatewayClass", "EndpointSlice", "Lease" })
        {
            Assert.Contains($" {kind}\n", served.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        Assert.Contains("security.istio.io/v1beta1", await _kubectl.RunAsync("api-versions"), StringComparison.Ordinal);
        Assert.Contains("v1.32", await _kubectl.RunAsync("version", "-o", "json"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task A_typo_in_a_policy_is_an_error_or_a_warning_when_it_is_applied()
    {
        await _kubectl.FeedAsync(Shop, "apply");

        (int code, string output, string errors) = await _kubectl.TryAsync(Policy.Replace("from:", "form:", StringComparison.Ordinal), "apply", "-f", "-");

        // An old kubectl does not ask for a strict check: the server names the field in a warning.
        Assert.Contains("unknown field \"spec.rules[0].form\"", output + errors, StringComparison.Ordinal);
        Assert.Equal(errors.Contains("Warning:", StringComparison.Ordinal), code == 0);
        (code, _, errors) = await _kubectl.TryAsync(Policy.Replace("ALLOW", "ALOW", StringComparison.Ordinal), "apply", "-f", "-");
        Assert.NotEqual(0, code);
        Assert.Contains("spec.action", errors, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task An_object_is_made_read_and_replaced_by_name_in_every_version()
    {
        await _kubectl.FeedAsync(Shop, "create");
        await _kubectl.FeedAsync(await _kubectl.RunAsync("create", "configmap", "mesh", "-n", "shop", "--from-literal=mode=ambient", "--dry-run=client", "-o", "yaml"), "apply");
        Assert.Equal("ambient", (await GetAsync("configmap", "mesh"))["data"]!["mode"]!.ToString());

        await _kubectl.FeedAsync(Policy.Replace("security.istio.io/v1", "security.istio.io/v1beta1", StringComparison.Ordinal), "create");
        Assert.Equal("security.istio.io/v1", (await GetAsync("authorizationpolicies.v1.security.istio.io", "only-curl"))["apiVersion"]!.ToString());
        Assert.Equal("security.istio.io/v1beta1", (await GetAsync("authorizationpolicies.v1beta1.security.istio.io", "only-curl"))["apiVersion"]!.ToString());
        await _kubectl.FeedAsync(Policy.Replace("ALLOW", "DENY", StringComparison.Ordinal), "replace");
        Assert.Equal("DENY", (await GetAsync("ap", "only-curl"))["spec"]!["action"]!.ToString());
    }

    /// <summary>New versions send these as protobuf; the answer then says what to do instead.</summary>
    [KubectlFact]
    public async Task A_namespace_is_made_by_its_name_or_the_answer_says_how()
    {
        (int code, string output, string errors) = await _kubectl.TryAsync("", "create", "namespace", "other");

        Assert.True(code == 0 || errors.Contains("--dry-run=client -o yaml | kubectl apply -f -", StringComparison.Ordinal), output + errors);
        await _kubectl.FeedAsync(await _kubectl.RunAsync("create", "namespace", "other", "--dry-run=client", "-o", "yaml"), "apply");
        Assert.Equal("Active", (await GetAsync("namespace", "other"))["status"]!["phase"]!.ToString());
    }

    [KubectlFact]
    public async Task A_server_that_asks_for_patience_gets_it()
    {
        _host.Faults.Add(new Ambient.ApiServer.Faults.FaultRule(Ambient.ApiServer.Faults.Fault.TooManyRequests, "/api/v1/nodes", count: 1));

        (int code, string output, string errors) = await _kubectl.TryAsync("", "get", "nodes");

        Assert.True(code == 0, output + errors);
        Assert.Empty(_host.Faults.Rules);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<JsonNode> GetAsync(string kind, string name) =>
        JsonNode.Parse(await _kubectl.RunAsync("get", kind, name, "-n", "shop", "-o", "json"))!;
}
