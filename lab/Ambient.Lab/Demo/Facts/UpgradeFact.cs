using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Upgrades;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A rolling upgrade of both nodes' ztunnels loses no connection that ends within the drain time, and names those that do not.</summary>
internal sealed class UpgradeFact : IDemoFact
{
    public string Title => "8 upgrade";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stage.OutsiderNamespace is null)
        {
            yield return FactLine.NotHere($"{Title}: of both nodes", "two ztunnels of a node share its pods' ports, which needs namespaces");
            yield break;
        }

        await foreach (UpgradeResult node in stage.UpgradeAsync(cancellationToken))
        {
            yield return FactLine.Of(node.IsLossless, $"{Title}: {node.Node}, nothing is lost", node.Kept);
            yield return FactLine.Of(node.IsCutNamed, $"{Title}: {node.Node}, the rest is cut and named", node.Cut);
        }
    }
}
