using Ambient.Bench.Blocks;
using Ambient.Bench.Systems;

namespace Ambient.UnitTests.Bench;

public sealed class SameSystemControlTests
{
    [Fact]
    public void A_control_around_one_lets_the_workload_stand()
    {
        ControlVerdict verdict = Judge(0.98, 1.03, 0.99, 1.01, 1.02, 0.97, 1.0);

        Assert.False(verdict.IsVoid);
        Assert.Equal(1.0, verdict.Estimate!.Median, 6);
    }

    [Fact]
    public void A_control_that_excludes_one_voids_the_workload_and_says_why()
    {
        ControlVerdict verdict = Judge(1.10, 1.12, 1.09, 1.11, 1.13, 1.10, 1.08);

        Assert.True(verdict.IsVoid);
        Assert.Contains("excludes 1", verdict.VoidBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_holds_when_the_second_is_slower() => Assert.True(Judge(0.90, 0.88, 0.91, 0.89, 0.92, 0.90, 0.93).IsVoid);

    [Fact]
    public void Too_few_blocks_cannot_condemn_a_workload_by_itself() => Assert.False(Judge(1.10, 1.12, 1.09).IsVoid);

    [Fact]
    public void A_run_without_the_second_instance_has_no_control() =>
        Assert.Null(SameSystemControl.JudgeWorkload(
            [BlockBuilder.Block((SystemName.Ours, 1))], SystemName.Ours, SystemName.OursAgain, FigureName.GigabitsPerSecond).Estimate);

    [Fact]
    public void Few_blocks_of_many_workloads_condemn_the_run_together()
    {
        ControlVerdict verdict = SameSystemControl.JudgeRun([[1.10, 1.12, 1.09], [1.08, 1.11, 1.10], [1.12, 1.09, 1.10]]);

        Assert.True(verdict.IsVoid);
        Assert.Equal(9, verdict.Estimate!.Blocks);
    }

    [Fact]
    public void A_run_whose_workloads_scatter_around_one_stands() =>
        Assert.False(SameSystemControl.JudgeRun([[1.04, 0.97, 1.01], [0.95, 1.02, 1.03], [0.99, 1.0, 0.96]]).IsVoid);

    [Fact]
    public void A_run_without_any_control_is_not_judged() => Assert.Null(SameSystemControl.JudgeRun([[], []]).Estimate);

    private static ControlVerdict Judge(params double[] ratios) =>
        SameSystemControl.JudgeWorkload(BlockBuilder.Control(ratios), SystemName.Ours, SystemName.OursAgain, FigureName.GigabitsPerSecond);
}
