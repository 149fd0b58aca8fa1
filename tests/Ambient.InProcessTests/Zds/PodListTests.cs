using System.Net;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing;
using Ambient.Testing.Certs;
using Ambient.Testing.Namespaces;

namespace Ambient.InProcessTests.Zds;

/// <summary>Pods that come from a list in a file, and whose namespaces are looked up by path.</summary>
public sealed class PodListTests : IAsyncLifetime
{
    private static readonly int[] PodPorts = [15001, 15006, 15008, 15053];

    private readonly TemporaryDirectory _directory = new();
    private readonly IPAddress _address = IPAddress.Parse("127.84.1.1");
    private TestNamespace _first = null!;
    private TestNamespace _second = null!;

    public async Task InitializeAsync()
    {
        if (Privilege.SkipReason is null)
        {
            _first = await TestNamespace.CreateAsync();
            _second = await TestNamespace.CreateAsync();
        }
    }

    public async Task DisposeAsync()
    {
        foreach (TestNamespace? pod in new[] { _first, _second })
        {
            await (pod?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _directory.Dispose();
    }

    [RootFact]
    public async Task A_pod_whose_namespace_cannot_be_opened_for_a_moment_keeps_its_proxy_and_moves_once_it_is_elsewhere()
    {
        string link = _directory["netns"];
        File.CreateSymbolicLink(link, _first.Path);
        WriteList(Entry("u1", "web-0", link));
        await using TestNode node = await StartAsync();
        Assert.Equal(PodPorts, ZdsRig.PortsIn(_first));

        File.Delete(link);
        WriteList(Entry("u1", "web-0", link) + Entry("u2", "web-1", _second.Path));
        await node.Log.WaitForAsync("pod cannot be looked at, its proxy stays", "uid=\"u1\"");
        await node.Log.WaitForAsync("pod proxy started", "uid=\"u2\"");
        Assert.Equal(PodPorts, ZdsRig.PortsIn(_first));
        Assert.Equal(2, await node.MetricAsync("workload_manager_active_proxy_count"));
        Assert.Equal(0, await node.MetricAsync("workload_manager_proxies_stopped_total"));

        // The pod was restarted meanwhile: found out by the next try, without a change of the list.
        await using TestNamespace moved = await TestNamespace.CreateAsync();
        File.CreateSymbolicLink(link, moved.Path);
        await node.Log.WaitForAsync("pod proxy stopped", "uid=\"u1\"");
        await TickUntilAsync(() => Task.FromResult(ZdsRig.PortsIn(moved).SequenceEqual(PodPorts)));
        Assert.Empty(ZdsRig.PortsIn(_first));
    }

    [RootFact]
    public async Task A_pod_that_cannot_be_opened_is_not_kept_under_another_account()
    {
        string link = _directory["netns"];
        File.CreateSymbolicLink(link, _first.Path);
        WriteList(Entry("u1", "web-0", link));
        await using TestNode node = await StartAsync();

        File.Delete(link);
        WriteList(Entry("u1", "web-0", link).Replace("serviceAccount: web", "serviceAccount: other", StringComparison.Ordinal));
        await node.Log.WaitForAsync("pod proxy pending", "uid=\"u1\"");
        Assert.Empty(ZdsRig.PortsIn(_first));
    }

    [RootFact]
    public async Task The_certificate_of_a_served_pod_stays_when_its_workload_leaves_the_mesh()
    {
        WriteMesh("web", "marker");
        WriteList(Entry("u1", "web-0", _first.Path));
        await using TestNode node = await StartAsync();
        await TickUntilAsync(async () => await HasCertificateAsync("web") && await HasCertificateAsync("marker"));

        // The marker has no pod: once it is forgotten, the change has been taken in.
        WriteMesh();
        await TickUntilAsync(async () => !await HasCertificateAsync("marker"));
        Assert.True(await HasCertificateAsync("web"));
    }

    private static string Entry(string uid, string name, string path) =>
        $"- {{ uid: {uid}, name: {name}, namespace: shop, serviceAccount: web, netns: {path} }}\n";

    private static async Task TickUntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<bool> HasCertificateAsync(string account)
    {
        using HttpClient http = new();
        string dump = await http.GetStringAsync(new Uri($"http://{_address}:15000/config_dump"));
        return dump[dump.IndexOf("\"certificates\"", StringComparison.Ordinal)..].Contains($"spiffe://cluster.local/ns/shop/sa/{account}", StringComparison.Ordinal);
    }

    private Task<TestNode> StartAsync()
    {
        if (!File.Exists(_directory["mesh"]))
        {
            WriteMesh();
        }

        return TestNode.StartAsync(
            _address,
            ("NODE_NAME", "node-a"),
            ("AMBIENT_PODS", _directory["pods"]),
            ("LOCAL_XDS_PATH", _directory["mesh"]),
            ("XDS_ADDRESS", ""),
            ("AMBIENT_LOCAL_ROOT", _directory["root"]),
            ("AMBIENT_ADMIN_ADDRESS", $"{_address}:15000"),
            ("AMBIENT_STATS_ADDRESS", $"{_address}:15020"),
            ("AMBIENT_READINESS_ADDRESS", $"{_address}:15021"));
    }

    private void WriteMesh(params string[] accounts) => Replace("mesh", "workloads: [" + string.Join(", ", accounts.Select(account =>
        $"{{ uid: {account}, name: {account}-0, namespace: shop, trustDomain: cluster.local, serviceAccount: {account}, node: node-a, protocol: HBONE, workloadIps: [], services: {{}} }}")) + "]\n");

    private void WriteList(string entries) => Replace("pods", entries);

    private void Replace(string name, string text)
    {
        File.WriteAllText(_directory[name + ".next"], text);
        File.Move(_directory[name + ".next"], _directory[name], overwrite: true);
    }
}
