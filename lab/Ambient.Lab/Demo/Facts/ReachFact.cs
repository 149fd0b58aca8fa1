using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Observation;

namespace Ambient.Lab.Demo.Facts;

/// <summary>Unmodified programs reach one another, and the server sees who called.</summary>
internal sealed class ReachFact : IDemoFact
{
    public string Title => "1 curl gets nginx";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var curl = new Curl(stage.ClientNamespace);
        foreach (DemoTarget target in stage.Targets)
        {
            var accessLog = new LogFollower(stage.ServerAccessLog);
            string token = Guid.NewGuid().ToString("N");
            CurlResult result = await curl.GetAsync($"{target.BaseUrl}{token}", cancellationToken);
            string? logged = result.Succeeded
                ? await accessLog.WaitForAsync(line => line.Contains(token, StringComparison.Ordinal), cancellationToken)
                : null;
            string seenAddress = logged?.Split(' ')[0] ?? "nobody";
            bool isRightCaller = target.ClientAddress is null || (seenAddress == target.ClientAddress && result.Body.Contains(target.ClientAddress, StringComparison.Ordinal));
            yield return FactLine.Of(
                result.Succeeded && logged is not null && isRightCaller,
                $"{Title}: {target.Label}",
                $"{target.BaseUrl} -> {result}; nginx logged {seenAddress}{(target.ClientAddress is null ? " (the proxy: keeping the caller's address needs redirection)" : "")}");
        }
    }
}
