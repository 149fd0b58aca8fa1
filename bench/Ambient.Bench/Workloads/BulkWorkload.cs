using System.Globalization;
using System.Text.Json;
using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;

namespace Ambient.Bench.Workloads;

/// <summary>W1: iperf3, one way, with one or more flows.</summary>
internal sealed class BulkWorkload(BenchRig rig, string id, int flows, bool reverse) : IWorkload
{
    public WorkloadSpec Spec { get; } = new(
        id, $"W1 {flows} flow{(flows == 1 ? "" : "s")}{(reverse ? ", download" : ", upload")}", FigureName.GigabitsPerSecond, "Gb/s", true, "GB");

    public bool NeedsTunnelPerConnection => false;

    public bool KeepsCpusAwake => false;

    public async Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration)
    {
        string[] arguments =
        [
            "timeout", "30", "iperf3", "-J", "-c", $"{pair.Entry(RigService.Bulk).Address}", "-p", $"{pair.Entry(RigService.Bulk).Port}",
            "-P", $"{flows}", "-t", Math.Max(1, (int)Math.Round(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            .. reverse ? (string[])["-R"] : [],
        ];
        (int exitCode, string output, string error) = await rig.RunAsync(rig.Network.ClientNamespace, arguments);
        return exitCode == 0 ? Parse(output) : VisitResult.Failure($"iperf3 through {pair.Name}: {ErrorOf(output)}{error}".Trim());
    }

    /// <summary>The receivers' count is the truth: the senders' includes what was still in buffers at the end.</summary>
    internal static VisitResult Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement end = document.RootElement.GetProperty("end");
        JsonElement received = end.GetProperty("sum_received");
        double[] perFlow = [.. end.GetProperty("streams").EnumerateArray()
            .Select(stream => stream.GetProperty("receiver").GetProperty("bits_per_second").GetDouble())];
        return new VisitResult(
            received.GetProperty("bytes").GetDouble() / 1e9,
            new Dictionary<string, double>
            {
                [FigureName.GigabitsPerSecond] = received.GetProperty("bits_per_second").GetDouble() / 1e9,
                [FigureName.Fairness] = perFlow.Min() / perFlow.Average(),
            },
            0,
            "");
    }

    private static string ErrorOf(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("error", out JsonElement error) ? error.GetString() ?? "" : "";
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
