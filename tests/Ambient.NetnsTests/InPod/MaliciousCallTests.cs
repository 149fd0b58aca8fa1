using System.Net;
using System.Net.Sockets;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Testing;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.InPod;

/// <summary>Calls to the proxy's own ports, from where they are refused (node-proxy 2.8), and the one that is meant: its metrics through the mesh (2.7).</summary>
public sealed class MaliciousCallTests
{
    private static readonly int[] Ports = [15001, 15006, 15008, 15080, 15000, 15020, 15021];

    [RootFact]
    public async Task The_proxys_ports_answer_as_the_table_says_and_metrics_are_reached_through_the_mesh()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync(spec => spec with { ZtunnelsAreWorkloads = true });
        PodPlan captured = mesh.Pod(DefaultLab.Curl);
        PodPlan uncaptured = mesh.Pod(DefaultLab.Legacy);
        (string Name, PodPlan From, IPAddress V4, IPAddress V6, string[] Expected)[] rows =
        [
            ("captured to proxy", captured, mesh.NodeA.GatewayV4, mesh.NodeA.GatewayV6, ["fails", "fails", "fails", "fails", "fails", "HTTP", "HTTP"]),
            ("captured to itself", captured, captured.V4, captured.V6, ["fails", "fails", "fails", "refused", "refused", "refused", "refused"]),
            ("captured to loopback", captured, IPAddress.Loopback, IPAddress.IPv6Loopback, ["fails", "fails", "fails", "refused", "refused", "refused", "refused"]),
            ("uncaptured to proxy", uncaptured, mesh.NodeA.GatewayV4, mesh.NodeA.GatewayV6, ["refused", "refused", "fails", "refused", "refused", "HTTP", "HTTP"]),
            ("uncaptured to captured", uncaptured, captured.V4, captured.V6, ["fails", "fails", "fails", "fails", "fails", "fails", "fails"]),
        ];

        string[] expected = [.. rows.SelectMany(row => new[] { 4, 6 }.Select(family => Line(row.Name, family, row.Expected)))];
        List<string> seen = [];
        foreach ((string name, PodPlan from, IPAddress v4, IPAddress v6, _) in rows)
        {
            seen.Add(Line(name, 4, await Task.WhenAll(Ports.Select(port => CallAsync(from, v4, port)))));
            seen.Add(Line(name, 6, await Task.WhenAll(Ports.Select(port => CallAsync(from, v6, port)))));
        }

        Assert.Equal(expected, seen);
        CommandResult metrics = await mesh.CurlAsync(captured, $"http://{mesh.NodeA.GatewayV4}:15020/metrics");
        Assert.Contains("istio_build", metrics.Output, StringComparison.Ordinal);
        string log = await File.ReadAllTextAsync(mesh.Lab.Directory.ZtunnelLog(mesh.NodeA.Name));
        Assert.Contains(log.Split('\n'), line => line.Contains("inbound", StringComparison.Ordinal)
            && line.Contains("dst.identity=\"spiffe://cluster.local/ns/ambient-system/sa/ztunnel\"", StringComparison.Ordinal)
            && line.Contains("src.identity=\"spiffe://cluster.local/ns/demo/sa/curl\"", StringComparison.Ordinal));
    }

    private static string Line(string name, int family, string[] results) => $"{name} v{family}: {string.Join(' ', results)}";

    private static async Task<string> CallAsync(PodPlan from, IPAddress address, int port)
    {
        Socket socket;
        try
        {
            socket = await MeshLab.ConnectAsync(from, address, port);
        }
        catch (SocketException)
        {
            return "refused";
        }

        using (socket)
        {
            try
            {
                await socket.SendAsync("GET / HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (SocketException)
            {
                return "fails";
            }

            return (await MeshLab.ReceiveAsync(socket)).AsSpan().StartsWith("HTTP/"u8) ? "HTTP" : "fails";
        }
    }
}
