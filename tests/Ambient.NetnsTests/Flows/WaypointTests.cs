using System.Net;
using Ambient.Lab.Mesh;
using Ambient.Lab.Specs;
using Ambient.NetnsTests.InPod;
using Ambient.Testing;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.Flows;

/// <summary>Captured traffic of real programs that goes through a waypoint of another make (node-proxy 2.3.3, 11.1).</summary>
public sealed class WaypointTests
{
    private const int FileBytes = 8 << 20;

    [RootFact]
    public async Task A_foreign_waypoint_takes_what_is_meant_for_a_pod_and_for_its_service_and_every_byte_arrives()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync(spec => ForeignWaypoint.Build(spec.Name));
        string digest = await mesh.ServeFileAsync("large.bin", FileBytes);
        foreach (bool ipv6 in new[] { false, true })
        {
            foreach (IPEndPoint target in new[]
            {
                new IPEndPoint(mesh.Pod(DefaultLab.Web).Address(ipv6), DefaultLab.WebPort),
                new IPEndPoint(mesh.Service(DefaultLab.Web, ipv6), DefaultLab.ServicePort),
            })
            {
                Assert.Equal(digest, await MeshLab.DigestAsync(mesh.Pod(DefaultLab.Curl), $"http://{target}/files/large.bin"));
                Assert.Contains($"CONNECT {target} from spiffe://{mesh.Pod(DefaultLab.Curl).Spec.Principal}", mesh.OutputOf(WaypointLab.Waypoint), StringComparison.Ordinal);
            }
        }

        await mesh.WaitForReportAsync(mesh.NodeA, "outbound", mesh.Identity("src", DefaultLab.Curl), mesh.Identity("dst", WaypointLab.Waypoint));
        await mesh.WaitForReportAsync(mesh.NodeB, "inbound", mesh.Identity("src", WaypointLab.Waypoint), mesh.Identity("dst", DefaultLab.Web));
    }

    [RootFact]
    public async Task A_server_that_admits_its_waypoint_alone_is_reached_through_it_and_by_nobody_else()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync(spec => ForeignWaypoint.Build(spec.Name));
        string url = $"http://{new IPEndPoint(mesh.Pod(DefaultLab.Web).V4, DefaultLab.WebPort)}/";
        Assert.Contains("hello from web", (await mesh.CurlAsync(mesh.Pod(DefaultLab.Legacy), url)).Output, StringComparison.Ordinal);

        mesh.Lab.SetPolicies(new MeshPolicies([new PolicySpec("only-the-waypoint", DefaultLab.Namespace, PolicyScope.Namespace, PolicyAction.Allow)
        {
            Principals = [mesh.Pod(WaypointLab.Waypoint).Spec.Principal],
        }]));

        await MeshLab.WaitUntilAsync(async () => (await mesh.CurlAsync(mesh.Pod(DefaultLab.Legacy), url)).ExitCode != 0, "a call around the waypoint is refused");
        CommandResult through = await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), url);
        Assert.Contains("hello from web", through.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_waypoint_behind_a_PROXY_tunnel_learns_who_calls_whom_and_there_is_no_loop()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync(spec => WaypointLab.Build(spec.Name));
        IPAddress caller = mesh.Pod(DefaultLab.Curl).V4;
        string digest = await mesh.ServeFileAsync("large.bin", FileBytes);
        IPEndPoint[] targets =
        [
            new(mesh.Pod(DefaultLab.Web).V4, DefaultLab.WebPort),
            new(mesh.Pod(DefaultLab.Web).V6, DefaultLab.WebPort),
            new(mesh.Service(DefaultLab.Web, ipv6: false), DefaultLab.ServicePort),
            new(mesh.Service(DefaultLab.Web, ipv6: true), DefaultLab.ServicePort),
        ];

        foreach (IPEndPoint target in targets)
        {
            Assert.Equal(digest, await MeshLab.DigestAsync(mesh.Pod(DefaultLab.Curl), $"http://{target}/files/large.bin"));
        }

        // The waypoint is reached at its IPv4 address, so that is the family of the caller's address in every header.
        string[] expected = [.. targets.Select(target => $"relayed {(target.Address.GetAddressBytes().Length == 4 ? "" : "::ffff:")}{caller} to {target.ToString().Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)}")];
        await MeshLab.WaitForLineAsync(mesh.Lab.Directory.PodLog(WaypointLab.Waypoint), expected[^1]);
        Assert.Equal(expected, mesh.OutputOf(WaypointLab.Waypoint).Split('\n').Where(line => line.StartsWith("relayed", StringComparison.Ordinal)));
        await mesh.WaitForReportAsync(mesh.NodeB, "inbound", mesh.Identity("src", DefaultLab.Curl), mesh.Identity("dst", WaypointLab.Waypoint));
        await mesh.WaitForReportAsync(mesh.NodeB, "outbound", mesh.Identity("src", WaypointLab.Waypoint), mesh.Identity("dst", DefaultLab.Web));
        await mesh.WaitForReportAsync(mesh.NodeB, "inbound", mesh.Identity("src", WaypointLab.Waypoint), mesh.Identity("dst", DefaultLab.Web));
    }
}
