using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Mesh;
using Ambient.Lab.Observation;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A pod that is not enrolled reaches an enrolled one in permissive mode, and does not in strict mode.</summary>
internal sealed class EnrolmentFact : IDemoFact
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public string Title => "5 not enrolled";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stage.OutsiderNamespace is null)
        {
            yield return FactLine.NotHere($"{Title}: permissive and strict", "plaintext is captured by redirection, which needs root");
            yield break;
        }

        var outsider = new Curl(stage.OutsiderNamespace);
        var client = new Curl(stage.ClientNamespace);
        foreach (DemoTarget target in stage.Targets.Where(target => target.IsPodAddress))
        {
            CurlResult permissive = await outsider.GetAsync(target.BaseUrl, cancellationToken);
            yield return FactLine.Of(permissive.Succeeded, $"{Title}: permissive, {target.Label}", $"{permissive}");

            long changed = TimeProvider.System.GetTimestamp();
            stage.SetPolicies(new MeshPolicies([PolicySpec.Strict]) { Selected = new Dictionary<string, string> { [DemoNames.Server] = PolicySpec.Strict.Key } });
            (CurlResult strict, double seconds) = await outsider.PollAsync(target.BaseUrl, changed, result => !result.Succeeded, Timeout, cancellationToken);
            CurlResult enrolled = await client.GetAsync(target.BaseUrl, cancellationToken);
            yield return FactLine.Of(
                !strict.Succeeded && enrolled.Succeeded,
                $"{Title}: strict, {target.Label}",
                $"{strict}, {seconds:0.00} s after the file changed; an enrolled pod still gets {enrolled}");

            long removed = TimeProvider.System.GetTimestamp();
            stage.SetPolicies(MeshPolicies.None);
            await outsider.PollAsync(target.BaseUrl, removed, result => result.Succeeded, Timeout, cancellationToken);
        }
    }
}
