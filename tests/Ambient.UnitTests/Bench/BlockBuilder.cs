using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;

namespace Ambient.UnitTests.Bench;

/// <summary>Blocks with given figures, as a run would have recorded them.</summary>
internal static class BlockBuilder
{
    public const string Workload = "w1-1";
    public const string Suite = "aes128";

    public static readonly BlockConditions Quiet = new(StealShare: 0, ForeignShare: 0, DirectFirst: 100, DirectLast: 100, Errors: 0, FirstError: "");

    public static VisitRecord Visit(string system, double gigabits) =>
        new(system, new Dictionary<string, double> { [FigureName.GigabitsPerSecond] = gigabits }, 0, "");

    public static BlockRecord Block(params (string System, double Gigabits)[] visits) =>
        new(Workload, Suite, [.. visits.Select(visit => Visit(visit.System, visit.Gigabits))], Quiet, null);

    /// <summary>Blocks in which ours-again is so many times ours.</summary>
    public static BlockRecord[] Control(params double[] ratios) =>
        [.. ratios.Select(ratio => Block((SystemName.Ours, 10), (SystemName.OursAgain, 10 * ratio), (SystemName.HaproxyTls, 5)))];
}
