using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;

namespace Ambient.Bench.Cluster;

/// <summary>
/// C1: from the API server's answer to a change of a pod until the last of a thousand nodes has it, with 10,000 pods and 100 changes a second.
/// </summary>
internal sealed class PropagationStudy(string controlPlaneProgram, Action<string> tell)
{
    public const string Id = "c1-propagation";

    private const int Pods = 10_000;
    private const int Services = 1000;
    private const int Nodes = 1000;
    private const int ChangesPerSecond = 100;
    private const int Changes = 2000;
    private const int WarmUpChanges = 300;

    private static readonly TimeSpan LoadPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<ClusterFigure>> RunAsync(CancellationToken cancellation)
    {
        await using ClusterPrograms programs = await ClusterPrograms.StartAsync(controlPlaneProgram, Pods, Services, Nodes);
        programs.StartControlPlane();
        await using Fleet fleet = new(Nodes, programs.Discovery);
        long began = Stopwatch.GetTimestamp();
        await fleet.LoadedAsync(LoadPatience);
        double loadSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        tell(string.Create(CultureInfo.InvariantCulture, $"{Id}: {Nodes} nodes have {Pods} pods after {loadSeconds:F1} s"));
        await ChangeAsync(programs, fleet, 0, WarmUpChanges, cancellation);

        double cpu = programs.CpuSeconds;
        long start = Stopwatch.GetTimestamp();
        double[] latencies = await ChangeAsync(programs, fleet, WarmUpChanges, Changes, cancellation);
        double cpus = (programs.CpuSeconds - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Array.Sort(latencies);
        return
        [
            new ClusterFigure(Id, "p50_ms", At(0.50)),
            new ClusterFigure(Id, "p99_ms", At(0.99), Limit: 1000),
            new ClusterFigure(Id, "max_ms", latencies[^1]),
            new ClusterFigure(Id, "changes_per_s", Changes / Stopwatch.GetElapsedTime(start).TotalSeconds),
            new ClusterFigure(Id, "control_plane_cpus", cpus),
            new ClusterFigure(Id, "rss_mb", programs.Memory.ResidentBytes / 1e6),
            new ClusterFigure(Id, "all_nodes_loaded_s", loadSeconds),
        ];

        double At(double share) => latencies[(int)(share * (latencies.Length - 1))];
    }

    /// <summary>Changes pods at the rate, whatever the answers, and waits for all arrivals.</summary>
    /// <returns>For each change the milliseconds from its answer to the last node.</returns>
    /// <exception cref="InvalidOperationException">Not every change came to every node.</exception>
    private static async Task<double[]> ChangeAsync(ClusterPrograms programs, Fleet fleet, int first, int count, CancellationToken cancellation)
    {
        int[] pods = [.. Enumerable.Range(first, count).Select(change => (int)(change * 7919L % Pods))];
        ArrivalTable arrivals = new(pods, Nodes);
        fleet.Arrivals = arrivals;
        Task<long>[] answers = new Task<long>[count];
        long began = Stopwatch.GetTimestamp();
        for (int change = 0; change < count; change++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)change / ChangesPerSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellation);
            }

            answers[change] = ChangeAsync(programs.Api, pods[change], cancellation);
        }

        long[] answered = await Task.WhenAll(answers);
        long waiting = Stopwatch.GetTimestamp();
        while (arrivals.Missing > 0)
        {
            fleet.EnsureConnected();
            if (Stopwatch.GetElapsedTime(waiting) > ArrivalPatience)
            {
                throw new InvalidOperationException($"{arrivals.Missing} arrivals of {count} changes at {Nodes} nodes are missing after {ArrivalPatience.TotalSeconds} s");
            }

            await Task.Delay(10, cancellation);
        }

        return [.. answered.Select((answer, change) => Stopwatch.GetElapsedTime(answer, Math.Max(answer, arrivals.LastOf(change))).TotalMilliseconds)];
    }

    private static async Task<long> ChangeAsync(KubernetesClient api, int pod, CancellationToken cancellation)
    {
        int service = pod % Services;
        JsonObject notReady = new()
        {
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "False" }) },
        };
        ObjectName name = new($"team-{service / 100}", string.Create(CultureInfo.InvariantCulture, $"application-{service}-5f6d7c8b9{service % 10}-{pod:D7}"));
        await api.PatchAsync(KubernetesResources.Pods, name, KubernetesPatch.Merge(notReady), cancellation, new WriteOptions { Subresource = "status" });
        return Stopwatch.GetTimestamp();
    }
}
