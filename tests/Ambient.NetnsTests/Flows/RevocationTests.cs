using System.Net.Sockets;
using Ambient.Lab.Plans;
using Ambient.Lab.Revocation;
using Ambient.Lab.Specs;
using Ambient.NetnsTests.InPod;
using Ambient.Testing;

namespace Ambient.NetnsTests.Flows;

/// <summary>A pod's certificate is taken back while its connections carry traffic (node-proxy 5.6, 11.1).</summary>
public sealed class RevocationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [RootTheory]
    [InlineData(DefaultLab.Curl, DefaultLab.Web, DefaultLab.Echo, "inbound", DefaultLab.NodeB)]
    [InlineData(DefaultLab.Echo, DefaultLab.Curl, DefaultLab.Web, "outbound", DefaultLab.NodeA)]
    public async Task A_live_connection_of_the_revoked_pod_is_cut_the_next_is_refused_and_others_go_on(
        string revoked, string otherCaller, string otherServer, string direction, string node)
    {
        await using MeshLab mesh = await MeshLab.BuildAsync();
        using Socket live = await OpenAsync(mesh, DefaultLab.Curl, DefaultLab.Echo);
        using Socket other = await OpenAsync(mesh, otherCaller, otherServer);
        long begin = TimeProvider.System.GetTimestamp();

        string serial = await LabRevocation.RevokeAsync(mesh.Lab, mesh.Pod(revoked), CancellationToken.None);

        Assert.Empty(await MeshLab.ReceiveAsync(live));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.Zero, Limit);
        NodePlan judge = mesh.Lab.Plan.Node(node);
        await mesh.WaitForReportAsync(judge, direction, "connection complete", "connection closed: peer certificate revoked by CRL");
        using Socket next = await MeshLab.ConnectAsync(mesh.Pod(DefaultLab.Curl), mesh.Pod(DefaultLab.Echo).V4, DefaultLab.EchoPort);
        Assert.False(await MeshLab.CarriesAsync(next, "hold", "held"));
        await MeshLab.WaitForLineAsync(mesh.Lab.Directory.ZtunnelLog(node), "peer certificate revoked by CRL: serial", serial.ToUpperInvariant());
        Assert.True(await CarriesAsync(other, otherServer, "again"));
    }

    private static async Task<Socket> OpenAsync(MeshLab mesh, string from, string to)
    {
        int port = to == DefaultLab.Web ? DefaultLab.WebPort : DefaultLab.EchoPort;
        Socket socket = await MeshLab.ConnectAsync(mesh.Pod(from), mesh.Pod(to).V4, port);
        Assert.True(to == DefaultLab.Web || await MeshLab.CarriesAsync(socket, "echo\nready", "ready"));
        Assert.True(await CarriesAsync(socket, to, "first"));
        return socket;
    }

    /// <summary>nginx answers a request, the echo server repeats the text.</summary>
    private static Task<bool> CarriesAsync(Socket socket, string server, string text) => server == DefaultLab.Web
        ? MeshLab.CarriesAsync(socket, $"GET /{text} HTTP/1.1\r\nHost: web\r\n\r", "HTTP/1.1 200")
        : MeshLab.CarriesAsync(socket, text, text);
}
