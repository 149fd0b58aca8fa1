using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ambient.Bench.Rig;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;

namespace Ambient.Bench.Cluster;

/// <summary>An API server that is full and a control plane that reads it, each a process of its own.</summary>
internal sealed class ClusterPrograms : IAsyncDisposable
{
    private static readonly TimeSpan FillPatience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("ambient-cluster-").FullName;
    private readonly string _controlPlaneProgram;
    private Process? _api;
    private Process? _controlPlane;

    private ClusterPrograms(string controlPlaneProgram) => _controlPlaneProgram = controlPlaneProgram;

    public KubernetesClient Api { get; private set; } = null!;

    /// <summary>Where the control plane serves discovery, once it does.</summary>
    public Uri Discovery { get; private set; } = null!;

    /// <summary>CPU seconds of the control plane so far.</summary>
    public double CpuSeconds => ProcessTree.CpuSeconds(_controlPlane!.Id);

    public ProcessMemory Memory => ProcessTree.Memory(_controlPlane!.Id);

    /// <summary>The most bytes that the control plane ever had in memory.</summary>
    public long PeakBytes => ProcessTree.PeakBytes(_controlPlane!.Id);

    /// <summary>Starts the API server and waits until it is full.</summary>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static async Task<ClusterPrograms> StartAsync(string controlPlaneProgram, int pods, int services, int nodes)
    {
        ClusterPrograms programs = new(controlPlaneProgram);
        try
        {
            string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Ambient.ClusterGenerator/release/ambient-cluster"));
            programs._api = programs.Start(program, [$"{pods}", $"{services}", $"{nodes}"]);
            string line = await programs._api.StandardOutput.ReadLineAsync().WaitAsync(FillPatience) ?? throw new InvalidOperationException("the API server ended");
            Uri server = new(line.Split(' ')[1]);
            programs.Api = new KubernetesClient(new KubernetesConfiguration(server), new KubernetesClientOptions(), TimeProvider.System);
            await File.WriteAllTextAsync(Path.Combine(programs._folder, "kubeconfig"), $$"""
                apiVersion: v1
                kind: Config
                clusters:
                - name: bench
                  cluster:
                    server: "{{server}}"
                users:
                - name: bench
                  user: {}
                contexts:
                - name: bench
                  context:
                    cluster: bench
                    user: bench
                current-context: bench
                """);
            return programs;
        }
        catch
        {
            await programs.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the control plane; it serves when it has read everything.</summary>
    public void StartControlPlane()
    {
        int port = FreePort();
        Discovery = new Uri($"http://127.0.0.1:{port}");
        _controlPlane = Start(_controlPlaneProgram,
        [
            "--kubeconfig", Path.Combine(_folder, "kubeconfig"), "--grpcAddr", $"127.0.0.1:{port}",
            "--secureGRPCAddr", "off", "--httpAddr", "off", "--monitoringAddr", "off", "--log_output_level", "warn",
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        foreach (Process process in new[] { _controlPlane, _api }.OfType<Process>())
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(string program, IReadOnlyList<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = program != _controlPlaneProgram,
        WorkingDirectory = _folder,
    }) ?? throw new InvalidOperationException($"{program} did not start");

    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
