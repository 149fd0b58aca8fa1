using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Mesh;
using Ambient.Lab.Observation;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A policy takes effect within a second of its file's change, on new and on running connections, and so does its removal.</summary>
internal sealed class PolicyFact(double promptSeconds) : IDemoFact
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly PolicySpec OnlyAnother = new("only-another", DefaultLab.Namespace, PolicyScope.Namespace, PolicyAction.Allow)
    {
        Principals = [$"{LabSpec.TrustDomain}/ns/{DefaultLab.Namespace}/sa/another"],
    };

    public string Title => "4 policy";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var curl = new Curl(stage.ClientNamespace);
        string url = stage.Targets[0].BaseUrl;
        var log = new LogFollower(stage.ServerZtunnel.LogPath);
        using Download running = curl.Start($"{url}slow/{DemoNames.Blob}", "-g", "-N", "--max-time", "60");
        byte[] first = new byte[1];
        bool wasRunning = await running.Body.ReadAsync(first, cancellationToken) == 1;

        long changed = TimeProvider.System.GetTimestamp();
        stage.SetPolicies(new MeshPolicies([OnlyAnother]));
        Task<(long Bytes, int ExitCode, string Error, double Seconds)> ending = EndAsync(running, changed, cancellationToken);
        (CurlResult refused, double refusedAfter) = await curl.PollAsync(url, changed, result => !result.Succeeded, Timeout, cancellationToken);
        yield return FactLine.Of(
            !refused.Succeeded && refusedAfter < promptSeconds, $"{Title}: another identity is refused", $"{refused}, {refusedAfter:0.00} s after the file changed");

        (long bytes, int exitCode, string error, double endedAfter) = await ending;
        yield return FactLine.Of(
            wasRunning && exitCode != 0 && endedAfter < promptSeconds,
            $"{Title}: a running download ends",
            $"curl {exitCode} after {bytes >> 10} KiB, {endedAfter:0.00} s after the file changed: {error}");

        string? named = await log.WaitForAsync(line => line.Contains(OnlyAnother.Key, StringComparison.Ordinal), cancellationToken);
        yield return FactLine.Of(named is not null, $"{Title}: the log names the policy", Shorten(named));

        long removed = TimeProvider.System.GetTimestamp();
        stage.SetPolicies(MeshPolicies.None);
        (CurlResult again, double againAfter) = await curl.PollAsync(url, removed, result => result.Succeeded, Timeout, cancellationToken);
        yield return FactLine.Of(again.Succeeded && againAfter < promptSeconds, $"{Title}: removed, it lets through again", $"{again}, {againAfter:0.00} s after the file changed");
    }

    private static async Task<(long Bytes, int ExitCode, string Error, double Seconds)> EndAsync(
        Download download, long since, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            (long bytes, int exitCode, string error) = await download.FinishAsync(onBytes: null, deadline.Token);
            return (bytes, exitCode, error, TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (0, 0, "it went on", TimeProvider.System.GetElapsedTime(since).TotalSeconds);
        }
    }

    /// <summary>The line from its reason on; what is before tells who talked to whom.</summary>
    private static string Shorten(string? line)
    {
        int reason = line?.IndexOf("error=", StringComparison.Ordinal) ?? -1;
        return line is null ? "no such line" : line[Math.Max(reason, 0)..];
    }
}
