using System.Globalization;
using System.Net;
using Ambient.Bench.Certificates;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>
/// What ztunnels have around them in a cluster, as one process beside the generator and at the lowest priority: a control plane with a generated
/// mesh, a certificate authority and a telemetry collector.
/// </summary>
internal sealed class MeshPlane
{
    /// <summary>Workloads of the mesh that every pair of ours holds; the services are a tenth of them.</summary>
    public const int StandingWorkloads = 10_000;

    /// <summary>Highest number of a pair whose pods the mesh knows.</summary>
    public const int MostPairs = 80;

    private const int StandingPort = 23_000;
    private const int FurtherPort = 23_010;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RigProcess _process;
    private readonly IPEndPoint _address;

    private MeshPlane(RigProcess process, IPEndPoint address)
    {
        _process = process;
        _address = address;
    }

    /// <summary>Control plane and authority.</summary>
    public Uri Address => new($"https://{_address}");

    /// <summary>Takes OTLP over HTTP.</summary>
    public Uri Collector => new($"http://{new IPEndPoint(_address.Address, _address.Port + 1)}");

    /// <summary>The one that all pairs use.</summary>
    public static Task<MeshPlane> StartAsync(BenchRig rig, BenchCertificates certificates) =>
        StartAsync(rig, certificates, "control-plane", StandingPort, StandingWorkloads);

    /// <summary>A further one, with a mesh of its own size.</summary>
    public static Task<MeshPlane> StartFurtherAsync(BenchRig rig, BenchCertificates certificates, int workloads) =>
        StartAsync(rig, certificates, "further-control-plane", FurtherPort, workloads);

    /// <summary>Changes workloads at an even rate; <see cref="ExpectAsync"/> "churned" says when that is over.</summary>
    public async Task ChurnAsync(int updatesPerSecond, int seconds)
    {
        await _process.Input.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"churn {updatesPerSecond} {seconds}"));
        await _process.Input.FlushAsync();
    }

    /// <summary>What has been exported to it, in words.</summary>
    public async Task<string> DescribeTelemetryAsync()
    {
        await _process.Input.WriteLineAsync("telemetry");
        await _process.Input.FlushAsync();
        double[] counts = await ExpectAsync("telemetry");
        return string.Create(CultureInfo.InvariantCulture, $"{counts[0]:F0} exports of spans and {counts[1]:F0} of metrics, {counts[2] / 1e6:F1} MB");
    }

    /// <summary>The numbers of the next line that begins with the word.</summary>
    public async Task<double[]> ExpectAsync(string word)
    {
        using CancellationTokenSource limit = new(Patience);
        while (true)
        {
            string line = await _process.Output.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"the control plane has ended instead of saying '{word}'");
            string[] words = line.Split(' ');
            if (words[0] == word)
            {
                return [.. words.Skip(1).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            }
        }
    }

    public Task StopAsync(BenchRig rig) => rig.StopAsync(_process);

    private static async Task<MeshPlane> StartAsync(BenchRig rig, BenchCertificates certificates, string name, int port, int workloads)
    {
        IPEndPoint address = new(IPAddress.Loopback, port);
        RigProcess process = rig.Start(new ProcessPlan(
            name,
            rig.Network.NodeNamespace,
            ProcessRole.Load,
            [
                "nice", "-n", "19", Program, $"{address}", certificates.ServerBundleFile, certificates.RootFile, certificates.RootKeyFile,
                workloads.ToString(CultureInfo.InvariantCulture), $"{AmbientPair.ClientPodOf(0)}", $"{AmbientPair.ServerPodOf(0)}",
                MostPairs.ToString(CultureInfo.InvariantCulture),
            ],
            UsesPipes: true));
        MeshPlane plane = new(process, address);
        _ = await plane.ExpectAsync("serving");
        return plane;
    }

    // Built beside the harness, in a folder of its own.
    private static string Program =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Ambient.MeshGenerator", "release", "ambient-mesh"));
}
