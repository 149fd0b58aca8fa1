using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Certs;

namespace Ambient.InProcessTests.Ztunnel;

/// <summary>
/// A client and a server node on loopback addresses that no other test uses, one root, one mesh file. Redirection is replaced by local
/// forwards: port 1 goes to the server workload, 2 to its service,
/// 3 to a workload that speaks no HBONE, 4 to an address that no workload has, 5 to an own port of the proxy, 6 to itself, 7 to a service
/// without endpoints, 8 to a port that nobody listens on.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static int s_count;

    private readonly TemporaryDirectory _directory = new();
    private readonly int _number = Interlocked.Increment(ref s_count);
    private readonly List<IAsyncDisposable> _owned = [];

    public TestCluster() => WritePolicies(string.Empty);

    public IPAddress ClientAddress => Host(1);

    public IPAddress ServerAddress => Host(2);

    public IPAddress PlainAddress => Host(3);

    /// <summary>The policies that the server workload names; in force with the next <see cref="WritePolicies"/>.</summary>
    public string ServerPolicies { get; set; } = string.Empty;

    public string MeshFile => Path.Combine(_directory.Path, "mesh.yaml");

    /// <summary>A file of the root that both nodes issue from.</summary>
    public string RootFile(string name) => Path.Combine(_directory.Path, "root", name);

    public IPEndPoint Forward(int port) => new(ClientAddress, 9000 + port);

    /// <summary>Replaces the mesh file as an editor would: a new file moved over the old one.</summary>
    public void WritePolicies(string policies)
    {
        string next = MeshFile + ".next";
        File.WriteAllText(next, Mesh() + "policies:\n" + (policies.Length == 0 ? "  []\n" : policies));
        File.Move(next, MeshFile, overwrite: true);
    }

    public async Task<TestNode> StartClientAsync(params (string, string)[] more) => await StartAsync(ClientAddress, "client",
    [
        ("AMBIENT_FORWARD", string.Join(',', [
            $"{Forward(1)}={ServerAddress}:8080",
            $"{Forward(2)}=10.96.80.{_number}:80",
            $"{Forward(3)}={PlainAddress}:8080",
            $"{Forward(4)}={Host(4)}:8080",
            $"{Forward(5)}=127.0.0.1:15008",
            $"{Forward(6)}={Forward(6)}",
            $"{Forward(7)}=10.96.81.{_number}:80",
            $"{Forward(8)}={ServerAddress}:8081",
        ])),
        .. more,
    ]);

    public Task<TestNode> StartServerAsync(params (string, string)[] more) => StartAsync(ServerAddress, "server", more);

    /// <summary>An application that sends everything twice, until the caller has ended its side.</summary>
    public TcpListener StartEcho(IPAddress address)
    {
        TcpListener listener = new(address, 8080);
        listener.Start();
        _owned.Add(new Stopper(listener));
        _ = ServeAsync(listener);
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _directory.Dispose();
    }

    private static async Task ServeAsync(TcpListener listener)
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await listener.AcceptSocketAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = EchoTwiceAsync(accepted);
        }
    }

    private static async Task EchoTwiceAsync(Socket socket)
    {
        using (socket)
        {
            byte[] buffer = new byte[64 * 1024];
            try
            {
                for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
                {
                    await socket.SendAsync(buffer.AsMemory(0, read));
                    await socket.SendAsync(buffer.AsMemory(0, read));
                }

                socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The caller cut the connection, as some tests do on purpose.
                return;
            }
        }
    }

    private IPAddress Host(int host) => IPAddress.Parse($"127.80.{_number}.{host}");

    private async Task<TestNode> StartAsync(IPAddress address, string name, (string, string)[] more)
    {
        (string, string)[] settings =
        [
            ("PROXY_MODE", "dedicated"),
            ("PROXY_WORKLOAD_INFO", $"shop/{name}/{name}"),
            ("LOCAL_XDS_PATH", MeshFile),
            ("XDS_ADDRESS", ""),
            ("AMBIENT_LOCAL_ROOT", Path.Combine(_directory.Path, "root")),
            ("ENABLE_ORIG_SRC", "false"),
            ("ISTIO_META_DNS_PROXY_ADDR", $"{address}:15053"),
            ("AMBIENT_OUTBOUND_ADDRESS", $"{address}:15001"),
            ("AMBIENT_INBOUND_ADDRESS", $"{address}:15008"),
            ("AMBIENT_INBOUND_PLAINTEXT_ADDRESS", $"{address}:15006"),
            ("AMBIENT_ADMIN_ADDRESS", $"{address}:15000"),
            ("AMBIENT_STATS_ADDRESS", $"{address}:15020"),
            ("AMBIENT_READINESS_ADDRESS", $"{address}:15021"),
        ];
        (string, string)[] effective = [.. settings.Where(setting => !more.Any(given => given.Item1 == setting.Item1)), .. more];
        TestNode node = await TestNode.StartAsync(address, effective);
        _owned.Add(node);
        return node;
    }

    private string Mesh() => $"""
        workloads:
          - {"{"} uid: c//Pod/shop/client, name: client, namespace: shop, trustDomain: cluster.local, serviceAccount: client, protocol: HBONE,
              workloadIps: ["{ClientAddress}"], workloadName: client, canonicalName: client, services: {"{}"} {"}"}
          - {"{"} uid: c//Pod/shop/server, name: server, namespace: shop, trustDomain: cluster.local, serviceAccount: server, protocol: HBONE,
              workloadIps: ["{ServerAddress}"], workloadName: server, canonicalName: server, authorizationPolicies: [{ServerPolicies}], services: {"{"} shop/web.shop: {"{"} 80: 8080 {"}"} {"}"} {"}"}
          - {"{"} uid: c//Pod/shop/plain, name: plain, namespace: shop, protocol: TCP, workloadIps: ["{PlainAddress}"], services: {"{}"} {"}"}
        services:
          - {"{"} name: web, namespace: shop, hostname: web.shop, vips: ["/10.96.80.{_number}"], ports: {"{"} 80: 8080 {"}"} {"}"}
          - {"{"} name: empty, namespace: shop, hostname: empty.shop, vips: ["/10.96.81.{_number}"], ports: {"{"} 80: 8080 {"}"} {"}"}

        """;

    private sealed class Stopper(TcpListener listener) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
