using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Demo.Wire;
using Ambient.Lab.Observation;

namespace Ambient.Lab.Demo.Facts;

/// <summary>Nothing between the nodes but HBONE, and nothing readable in it; and the recording would have shown it.</summary>
internal sealed class WireFact : IDemoFact
{
    public string Title => "2 the wire";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int answered = 0;
        async Task SendAsync()
        {
            var curl = new Curl(stage.ClientNamespace);
            foreach (DemoTarget target in stage.Targets)
            {
                CurlResult result = await curl.GetAsync($"{target.BaseUrl}{DemoNames.RequestText}", cancellationToken);
                answered += result.Succeeded && result.Body.Contains(DemoNames.ResponseText, StringComparison.Ordinal) ? 1 : 0;
            }
        }

        WireEvidence evidence = await RecordAsync(stage, SendAsync, cancellationToken);
        string onlyHbone = $"{Title}: port 15008 only";
        yield return stage.OutsiderUrl is null
            ? FactLine.NotHere(onlyHbone, "a capture needs namespaces; a relay on port 15008 records instead")
            : FactLine.Of(evidence.IsHboneOnly && answered == stage.Targets.Count, onlyHbone, $"{answered} requests answered; {evidence}");
        bool request = evidence.Contains(DemoNames.RequestText);
        bool response = evidence.Contains(DemoNames.ResponseText);
        yield return FactLine.Of(
            evidence.Count > 0 && answered == stage.Targets.Count && !request && !response,
            $"{Title}: nothing readable",
            $"{answered} requests answered; request text {(request ? "FOUND" : "not found")}, response text {(response ? "FOUND" : "not found")} in {evidence.Count} packets");
        yield return await CheckControlAsync(stage, cancellationToken);
    }

    internal static async Task<WireEvidence> RecordAsync(IDemoStage stage, Func<Task> traffic, CancellationToken cancellationToken)
    {
        await using IWireRecording recording = await stage.RecordAsync(cancellationToken);
        await traffic();
        return await recording.StopAsync(cancellationToken);
    }

    private async Task<FactLine> CheckControlAsync(IDemoStage stage, CancellationToken cancellationToken)
    {
        string fact = $"{Title}: the recording is not blind";
        if (stage.OutsiderUrl is not { } url)
        {
            return FactLine.NotHere(fact, "two pods that are not enrolled need namespaces");
        }

        WireEvidence evidence = await RecordAsync(
            stage, () => new Curl(stage.OutsiderNamespace).GetAsync($"{url}{DemoNames.RequestText}", cancellationToken), cancellationToken);
        bool both = evidence.Contains(DemoNames.RequestText) && evidence.Contains(DemoNames.ResponseText);
        return FactLine.Of(
            both && !evidence.IsHboneOnly,
            fact,
            $"between two pods that are not enrolled: {evidence}; request and response text {(both ? "found" : "NOT found")}");
    }
}
