using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Demo.Wire;
using Ambient.Lab.Observation;

namespace Ambient.Lab.Demo.Facts;

/// <summary>Without the server's ztunnel nothing gets through and nothing leaks; with it back, all works again.</summary>
internal sealed class FailClosedFact(double promptSeconds) : IDemoFact
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public string Title => "6 kill -9 of node B's ztunnel";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var curl = new Curl(stage.ClientNamespace);
        var results = new List<CurlResult>();
        async Task KillAndSendAsync()
        {
            await stage.KillServerZtunnelAsync(cancellationToken);
            foreach (DemoTarget target in stage.Targets)
            {
                results.Add(await curl.GetAsync($"{target.BaseUrl}{DemoNames.RequestText}", cancellationToken, "--max-time", "3"));
            }
        }

        WireEvidence evidence = await WireFact.RecordAsync(stage, KillAndSendAsync, cancellationToken);
        yield return FactLine.Of(
            results.All(result => !result.Succeeded), $"{Title}: fails closed", string.Join("; ", results.Select(result => $"{result}").Distinct()));

        bool readable = evidence.Contains(DemoNames.RequestText) || evidence.Contains(DemoNames.ResponseText);
        // In namespaces the attempts to reach port 15008 must show, or the recording was blind; a relay passes nothing on to a dead program.
        bool isHbone = evidence.Count == 0 ? stage.ClientNamespace is null : evidence.IsHboneOnly;
        yield return FactLine.Of(
            !readable && isHbone, $"{Title}: nothing in clear", $"{evidence}; request text {(readable ? "FOUND" : "not found")}");

        long restarted = TimeProvider.System.GetTimestamp();
        stage.StartServerZtunnel();
        (CurlResult back, double seconds) = await curl.PollAsync(stage.Targets[0].BaseUrl, restarted, result => result.Succeeded, Timeout, cancellationToken);
        yield return FactLine.Of(back.Succeeded && seconds < promptSeconds, $"{Title}: back after restart", $"{back}, {seconds:0.00} s after the program was started");
    }
}
