using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Faults;
using Ambient.ApiServer.Manifests;
using Ambient.Kube.Configuration;
using Ambient.Testing.Certs;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>A folder in place of a cluster.</summary>
public sealed class ManifestFolderTests : IAsyncLifetime
{
    private const string Web = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, uid: from-another-cluster, resourceVersion: "77"}
        spec: {nodeName: n1}
        status: {phase: Running, podIP: 10.1.0.5}
        """;

    private readonly TemporaryDirectory _files = new();
    private readonly RecordedManifests _told = new();
    private ApiServerHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions());
        _client = new HttpClient { BaseAddress = _host.Address };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Everything_in_the_folder_is_there_when_it_has_started_namespaces_included()
    {
        Directory.CreateDirectory(_files["below/deep"]);
        await WriteAsync("below/deep/pod.yml", Web);
        await WriteAsync("a.json", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},"spec":{"clusterIP":"10.96.0.1"}}""");
        await WriteAsync("notes.txt", "not: [a manifest");
        await WriteAsync(".hidden.yaml", "not: [a manifest");
        await WriteAsync("policy.yaml", "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default}\nspec: {mtls: {mode: STRICT}}\nstatus: {note: kept}\n");

        await using ManifestFolder folder = await StartAsync();

        Assert.Empty(folder.Errors);
        Assert.Equal("3 objects, 3 applied, 0 removed", await _told.LoadedAsync());
        JsonNode pod = (await GetAsync("api/v1/namespaces/shop/pods/web-1"))!;
        Assert.Equal(("10.1.0.5", "n1"), (pod["status"]!["podIP"]!.ToString(), pod["spec"]!["nodeName"]!.ToString()));
        Assert.Equal("10.96.0.1", (await GetAsync("api/v1/namespaces/shop/services/web"))!["spec"]!["clusterIP"]!.ToString());
        Assert.Equal("kept", (await GetAsync("apis/security.istio.io/v1/namespaces/default/peerauthentications/default"))!["status"]!["note"]!.ToString());
        Assert.NotNull(await GetAsync("api/v1/namespaces/shop"));
    }

    [Fact]
    public async Task Changes_are_followed_and_what_vanishes_is_removed()
    {
        await WriteAsync("pod.yaml", Web);
        await using ManifestFolder folder = await StartAsync();
        await _told.LoadedAsync();

        await WriteAsync("pod.yaml", Web.Replace("10.1.0.5", "10.1.0.6", StringComparison.Ordinal) + "\n---\n" + Web.Replace("web-1", "web-2", StringComparison.Ordinal));
        Assert.Equal("2 objects, 2 applied, 0 removed", await _told.LoadedAsync());
        Assert.Equal("10.1.0.6", (await GetAsync("api/v1/namespaces/shop/pods/web-1"))!["status"]!["podIP"]!.ToString());

        await WriteAsync("pod.yaml", Web.Replace("web-1", "web-2", StringComparison.Ordinal));
        Assert.Equal("1 objects, 0 applied, 1 removed", await _told.LoadedAsync());
        Assert.Null(await GetAsync("api/v1/namespaces/shop/pods/web-1"));

        File.Delete(_files["pod.yaml"]);
        Assert.Equal("0 objects, 0 applied, 1 removed", await _told.LoadedAsync());
        Assert.Null(await GetAsync("api/v1/namespaces/shop/pods/web-2"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_keeps_its_last_good_objects_and_the_error_says_where()
    {
        await WriteAsync("pod.yaml", Web);
        await using ManifestFolder folder = await StartAsync();
        await _told.LoadedAsync();

        await WriteAsync("pod.yaml", Web + "\nbroken: [");
        string error = await _told.FailedAsync();

        Assert.StartsWith("pod.yaml:6:", error, StringComparison.Ordinal);
        Assert.Contains("stays in force", error, StringComparison.Ordinal);
        Assert.NotNull(await GetAsync("api/v1/namespaces/shop/pods/web-1"));
        Assert.Equal([error], folder.Errors);

        await WriteAsync("pod.yaml", Web.Replace("10.1.0.5", "10.1.0.9", StringComparison.Ordinal));
        Assert.Equal("1 objects, 1 applied, 0 removed", await _told.LoadedAsync());
        Assert.Empty(folder.Errors);
    }

    [Fact]
    public async Task A_typo_in_a_policy_names_file_line_and_field_and_the_last_good_policy_stays()
    {
        const string policy = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n  action: DENY\n  rules: [{to: [{operation: {ports: ['80']}}]}]\n";
        await WriteAsync("policy.yaml", "# a comment\n---\n" + policy);
        await using ManifestFolder folder = await StartAsync();
        await _told.LoadedAsync();

        await WriteAsync("policy.yaml", "# a comment\n---\n" + policy.Replace("ports", "port", StringComparison.Ordinal));
        string error = await _told.FailedAsync();

        Assert.StartsWith("policy.yaml:3: AuthorizationPolicy p is refused:", error, StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.rules[0].to[0].operation.port\"", error, StringComparison.Ordinal);
        JsonNode stored = (await GetAsync("apis/security.istio.io/v1/namespaces/shop/authorizationpolicies/p"))!;
        Assert.Equal("80", stored["spec"]!["rules"]![0]!["to"]![0]!["operation"]!["ports"]![0]!.ToString());
    }

    [Fact]
    public async Task A_definition_and_its_objects_may_stand_in_any_order()
    {
        await WriteAsync("a.yaml", "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {size: 1}\n");
        await WriteAsync("b.yaml", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Cluster
              names: {plural: things, kind: Thing}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
            """);

        await using ManifestFolder folder = await StartAsync();

        Assert.Empty(folder.Errors);
        Assert.Equal("1", (await GetAsync("apis/example.com/v1/things/a"))!["spec"]!["size"]!.ToString());
    }

    [Fact]
    public async Task An_unknown_kind_and_an_object_that_is_there_twice_are_errors_that_stop_nothing_else()
    {
        await WriteAsync("a.yaml", Web + "\n---\napiVersion: v1\nkind: Pood\nmetadata: {name: x}\n");
        await WriteAsync("b.yaml", Web.Replace("n1", "n2", StringComparison.Ordinal));

        await using ManifestFolder folder = await StartAsync();

        Assert.Contains(folder.Errors, error => error.StartsWith("a.yaml:7: no kind Pood of v1 is served", StringComparison.Ordinal));
        Assert.Contains(folder.Errors, error => error.StartsWith("b.yaml:1: Pod web-1 is in a.yaml:1 already", StringComparison.Ordinal));
        Assert.Equal("n1", (await GetAsync("api/v1/namespaces/shop/pods/web-1"))!["spec"]!["nodeName"]!.ToString());
    }

    [Fact]
    public async Task What_the_server_did_not_take_is_tried_again()
    {
        await WriteAsync("pod.yaml", Web);
        _host.Faults.Add(new FaultRule(Fault.InternalError, "/pods/web-1", count: 1));

        await using ManifestFolder folder = await StartAsync(new ManifestFolderOptions(_files.Path) { PollInterval = TimeSpan.FromMilliseconds(100) });

        Assert.Contains("tried again", await _told.FailedAsync(), StringComparison.Ordinal);
        Assert.Equal("1 objects, 1 applied, 0 removed", await _told.LoadedAsync());
        Assert.NotNull(await GetAsync("api/v1/namespaces/shop/pods/web-1"));
    }

    [Fact]
    public async Task A_namespace_that_goes_from_the_files_but_is_used_stays()
    {
        await WriteAsync("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}\n");
        await WriteAsync("pod.yaml", Web);
        await using ManifestFolder folder = await StartAsync();
        await _told.LoadedAsync();

        File.Delete(_files["ns.yaml"]);

        Assert.Equal("1 objects, 0 applied, 1 removed", await _told.LoadedAsync());
        Assert.NotNull(await GetAsync("api/v1/namespaces/shop/pods/web-1"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_an_error_that_names_it()
    {
        ManifestException error = await Assert.ThrowsAsync<ManifestException>(() => StartAsync(new ManifestFolderOptions(_files["none"])));

        Assert.Contains(_files["none"], error.Message, StringComparison.Ordinal);
    }

    private Task<ManifestFolder> StartAsync(ManifestFolderOptions? options = null) =>
        ManifestFolder.StartAsync(new KubernetesConfiguration(_host.Address), options ?? new ManifestFolderOptions(_files.Path), _told, CancellationToken.None);

    // As an editor does it: whole or not at all.
    private async Task WriteAsync(string name, string text)
    {
        string temporary = _files[$".{Guid.NewGuid():N}"];
        await File.WriteAllTextAsync(temporary, text);
        File.Move(temporary, _files[name], overwrite: true);
    }

    private async Task<JsonNode?> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path);
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
    }
}
