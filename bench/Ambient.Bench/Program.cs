using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ambient.Bench;
using Ambient.Bench.Cluster;
using Ambient.Bench.Footing;
using Ambient.Bench.Interop;
using Ambient.Bench.Options;
using Ambient.Bench.Report;

string root = RepositoryRoot();
(BenchOptions options, IReadOnlyList<string> faults) = new BenchOptionsParser(root).Parse(args);
if (options.ShowHelp || faults.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join('\n', faults.Append(BenchOptionsParser.Usage)));
    return faults.Count > 0 ? 2 : 0;
}

if (LibC.EffectiveUserId() != 0)
{
    await Console.Error.WriteLineAsync("ambient-bench makes network namespaces and needs root");
    return 2;
}

using CancellationTokenSource stop = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    string[] controlPlane = [.. options.Workloads.Intersect(ControlPlaneRun.Ids)];
    bool hasMissed = false;
    if (controlPlane.Length > 0)
    {
        IReadOnlyList<ClusterFigure> figures = await new ControlPlaneRun(options.ControlPlane, Console.Error.WriteLine).RunAsync(controlPlane, stop.Token);
        await Console.Out.WriteLineAsync(ControlPlaneRun.Write(figures));
        hasMissed = figures.Any(figure => figure.IsMissed);
        options = options with { Workloads = [.. options.Workloads.Except(controlPlane)] };
        if (options.Workloads.Count == 0)
        {
            return hasMissed ? 1 : 0;
        }
    }

    RunReport report = await new BenchApp(options, root, TimeProvider.System, Console.Error.WriteLine).RunAsync(stop.Token);
    await Console.Out.WriteAsync(ReportText.Write(report));
    await WriteFilesAsync(report);
    return report.Control.IsVoid || hasMissed ? 1 : 0;
}
catch (UnequalFootingException refusal)
{
    await Console.Error.WriteLineAsync($"REFUSED: {refusal.Message}");
    return 1;
}
catch (InvalidOperationException failure)
{
    await Console.Error.WriteLineAsync($"FAILED: {failure.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped; nothing was left behind and nothing is reported");
    return 130;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

async Task WriteFilesAsync(RunReport report)
{
    Directory.CreateDirectory(options.ResultsFolder);
    string name = Path.Combine(options.ResultsFolder, TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    await File.WriteAllTextAsync(name + ".json", ReportJson.Write(report));
    await File.WriteAllTextAsync(name + ".txt", ReportText.Write(report));
    foreach (SuiteReport suite in report.Suites)
    {
        await File.WriteAllTextAsync($"{name}-{suite.Suite}.svg", SvgChart.Draw(report, suite));
    }

    if (options.JsonPath is string path)
    {
        await File.WriteAllTextAsync(path, ReportJson.WriteFigures(report));
    }

    await Console.Out.WriteLineAsync($"\nwritten to {name}.json, .txt and one .svg per suite");
}

// The harness lies in artifacts/bin/Ambient.Bench/<configuration>; when copied elsewhere, the place it was built from still names the repository.
static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
    Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
