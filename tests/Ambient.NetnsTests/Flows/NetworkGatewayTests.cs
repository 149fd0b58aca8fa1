using System.Net;
using Ambient.Lab.Specs;
using Ambient.NetnsTests.InPod;
using Ambient.Testing;

namespace Ambient.NetnsTests.Flows;

/// <summary>
/// Two networks whose only passage is a gateway pod with a ztunnel of its own before haproxy (node-proxy 1.7): both ends and the gateway of our
/// make, and between the gateway's two sides a program that sees TLS only.
/// </summary>
public sealed class NetworkGatewayTests
{
    [RootFact]
    public async Task A_service_of_another_network_is_reached_by_way_of_its_gateway_and_every_byte_arrives()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync(spec => TwoNetworksLab.Build(spec.Name));
        string digest = await mesh.ServeFileAsync("large.bin", 8 << 20);
        string service = mesh.Lab.Plan.Spec.Services.First(candidate => candidate.Name == DefaultLab.Web).HostName;
        foreach (bool ipv6 in new[] { false, true })
        {
            IPEndPoint target = new(mesh.Service(DefaultLab.Web, ipv6), DefaultLab.ServicePort);
            Assert.Equal(digest, await MeshLab.DigestAsync(mesh.Pod(DefaultLab.Curl), $"http://{target}/files/large.bin"));
        }

        string gateway = $"{mesh.Pod(TwoNetworksLab.Gateway).V4}:{LabSpec.HbonePort}";
        await mesh.WaitForReportAsync(
            mesh.NodeA, "outbound", $"dst.addr={gateway} dst.hbone_addr={service}:80", mesh.Identity("src", DefaultLab.Curl), mesh.Identity("dst", DefaultLab.Web), "dst.workload=\"web\"");
        await mesh.WaitForReportAsync(mesh.NodeB, "inbound", mesh.Identity("src", DefaultLab.Curl), mesh.Identity("dst", DefaultLab.Web), $"dst.hbone_addr={service}:80");
        await MeshLab.WaitForLineAsync(
            mesh.Lab.Directory.GatewayLog(TwoNetworksLab.Gateway), "connection complete", mesh.Identity("src", DefaultLab.Curl), mesh.Identity("dst", TwoNetworksLab.Gateway));
    }

    [RootFact]
    public async Task Nothing_but_the_gateway_of_another_network_is_reached()
    {
        await using MeshLab mesh = await MeshLab.BuildAsync(spec => TwoNetworksLab.Build(spec.Name));

        string direct = $"http://{new IPEndPoint(mesh.Pod(DefaultLab.Web).V4, DefaultLab.WebPort)}/";

        // Its own proxy takes the connection and cannot go on with it: curl says 56 of a reset, 52 where the end came before it.
        Assert.Contains((await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), direct)).ExitCode, new[] { 52, 56 });
        Assert.NotEqual(0, (await mesh.CurlAsync(mesh.Pod(DefaultLab.Legacy), $"http://{new IPEndPoint(mesh.Pod(DefaultLab.LegacyWeb).V4, DefaultLab.WebPort)}/")).ExitCode);
        Assert.Contains("hello from web", (await mesh.CurlAsync(mesh.Pod(DefaultLab.Curl), $"http://{mesh.Service(DefaultLab.Web, ipv6: false)}/")).Output, StringComparison.Ordinal);
    }
}
