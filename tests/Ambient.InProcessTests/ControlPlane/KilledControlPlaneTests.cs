using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Xds;
using Service = Ambient.Kube.Resources.Core.Service;

namespace Ambient.InProcessTests.ControlPlane;

/// <summary>
/// What is promised: everything of a type that one change of an object leads to is in one response, which a node applies as a whole or not
/// at all. So no end of the control plane, at whatever point, leaves a node with a part of it.
/// </summary>
public sealed class KilledControlPlaneTests
{
    private const int Pods = 100;
    private const int Kills = 5;
    private const int FirstPort = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_never_has_half_of_an_update_however_often_the_control_plane_is_killed()
    {
        await using ReliabilityRig rig = await ReliabilityRig.StartAsync();
        Service service = await rig.Client.CreateAsync(KubernetesResources.Services, ReliabilityRig.Service("web", "10.96.0.1", FirstPort), CancellationToken.None);
        foreach (int index in Enumerable.Range(1, Pods))
        {
            await rig.Client.CreateAsync(KubernetesResources.Pods, ReliabilityRig.Pod($"web-{index}", $"10.0.1.{index}"), CancellationToken.None);
        }

        IPEndPoint address = FreeAddress();
        Process process = Start(rig.Kubeconfig, address);
        try
        {
            (XdsClient client, MeshStore store) = rig.Connect(address);
            await client.Ready.WaitAsync(Patience);
            List<string> mixed = [];
            int generations = 0;
            store.Changed += _ =>
            {
                generations++;
                if (Generations(store.Current) is { Length: not 1 } seen)
                {
                    mixed.Add(string.Join(' ', seen));
                }
            };

            using CancellationTokenSource enough = new();
            Task<int> changing = ChangeAsync(rig.Client, service, enough.Token);
            Random random = new(1);
            for (int kill = 0; kill < Kills; kill++)
            {
                int seen = generations;
                await DiscoveryRig.UntilAsync(store, _ => generations > seen + 1);
                await Task.Delay(random.Next(60));
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
                process = Start(rig.Kubeconfig, address);
            }

            await enough.CancelAsync();
            int last = await changing;
            await DiscoveryRig.UntilAsync(store, mesh => Generations(mesh) is [var port] && port == last);
            Assert.Empty(mixed);
            Assert.True(generations > 2 * Kills, $"only {generations} updates came");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>The target ports that the service and its workloads have, which are one where all are of one change.</summary>
    private static int[] Generations(MeshSnapshot mesh)
    {
        ServiceKey service = new(ReliabilityRig.Home, "web.shop.svc.cluster.local");
        EndpointSet endpoints = mesh.EndpointsOf(service);
        IEnumerable<int> ports = mesh.FindService(service)!.Ports.Select(port => (int)port.TargetPort);
        foreach (Endpoint endpoint in endpoints.All)
        {
            ports = ports.Concat(endpoint.Ports.Select(port => (int)port.TargetPort));
        }

        return endpoints.Count == Pods ? [.. ports.Distinct()] : [];
    }

    /// <returns>The port of the last change.</returns>
    private static async Task<int> ChangeAsync(KubernetesClient client, Service service, CancellationToken cancellation)
    {
        int port = FirstPort;
        while (!cancellation.IsCancellationRequested)
        {
            port++;
            service = await client.ReplaceAsync(
                KubernetesResources.Services,
                service with { Spec = service.Spec with { Ports = [service.Spec.Ports[0] with { TargetPort = port }] } },
                CancellationToken.None);
            await Task.Delay(25, CancellationToken.None);
        }

        return port;
    }

    private static Process Start(string kubeconfig, IPEndPoint address) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "control-plane.dll"), "--kubeconfig", kubeconfig, "--grpcAddr", address.ToString(),
            "--secureGRPCAddr", "off", "--httpAddr", "off", "--monitoringAddr", "off", "--log_output_level", "error",
        ])
    {
        Environment = { ["AMBIENT_ENABLE_STATUS"] = "false" },
    }) ?? throw new InvalidOperationException("not started");

    private static IPEndPoint FreeAddress()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }
}
