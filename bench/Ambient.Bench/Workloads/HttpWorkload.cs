using System.Globalization;
using System.Text.Json;
using Ambient.Bench.Blocks;
using Ambient.Bench.Rig;
using Ambient.Bench.Systems;

namespace Ambient.Bench.Workloads;

/// <summary>W2 and W3: wrk, HTTP/1.1 keep-alive, a 1 KB answer; at one connection the latency is the subject, at 32 the rate.</summary>
internal sealed class HttpWorkload(BenchRig rig, string id, int connections) : IWorkload
{
    /// <summary>wrk rounds what it prints; its script interface has the numbers.</summary>
    private const string Script = """
        done = function(summary, latency, requests)
          local e = summary.errors
          io.write(string.format('{"requests":%d,"microseconds":%d,"errors":%d,"p50":%.3f,"p90":%.3f,"p99":%.3f,"p999":%.3f}\n',
            summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
            latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9)))
        end
        """;

    public WorkloadSpec Spec { get; } = connections == 1
        ? new WorkloadSpec(id, "W2 HTTP, 1 connection, p50", FigureName.P50, "µs", false, "1,000 requests")
        : new WorkloadSpec(id, $"W3 HTTP, {connections} connections", FigureName.RequestsPerSecond, "req/s", true, "1,000 requests");

    public bool NeedsTunnelPerConnection => false;

    public bool KeepsCpusAwake => connections == 1;

    public async Task<VisitResult> VisitAsync(ISystemPair pair, TimeSpan duration)
    {
        string script = Path.Combine(rig.Folder, "wrk.lua");
        if (!File.Exists(script))
        {
            rig.WriteFile("wrk.lua", Script);
        }

        string seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        (int exitCode, string output, string error) = await rig.RunAsync(
            rig.Network.ClientNamespace, "timeout", "30", "wrk", "-t1", $"-c{connections}", $"-d{seconds}s", "-s", script, $"http://{pair.Entry(RigService.Http)}/");
        string? line = output.Split('\n').FirstOrDefault(text => text.StartsWith('{'));
        return exitCode == 0 && line is not null ? Parse(line) : VisitResult.Failure($"wrk through {pair.Name}: {error}{output}".Trim());
    }

    internal static VisitResult Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        double Read(string name) => document.RootElement.GetProperty(name).GetDouble();
        long errors = (long)Read("errors");
        return new VisitResult(
            Read("requests") / 1000,
            new Dictionary<string, double>
            {
                [FigureName.RequestsPerSecond] = Read("requests") / (Read("microseconds") / 1e6),
                [FigureName.P50] = Read("p50"),
                [FigureName.P90] = Read("p90"),
                [FigureName.P99] = Read("p99"),
                [FigureName.P999] = Read("p999"),
            },
            errors,
            errors == 0 ? "" : "wrk counted failed requests");
    }
}
