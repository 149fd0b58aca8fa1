using Ambient.ControlPlane.Statuses;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources;

namespace Ambient.UnitTests.ControlPlane.Statuses;

public sealed class ConditionDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Earlier = Now.AddDays(-1);

    [Fact]
    public void What_the_object_carries_already_is_not_written_again() =>
        Assert.Empty(Decide([Wanted(true, "bound")], [Carried("True", "bound")]));

    [Fact]
    public void New_words_are_written_and_the_time_of_the_status_stays()
    {
        Condition written = Assert.Single(Assert.Single(Decide([Wanted(true, "bound to another")], [Carried("True", "bound")])).Conditions);

        Assert.Equal(("True", "bound to another", Earlier), (written.Status, written.Message, written.LastTransitionTime));
    }

    [Fact]
    public void A_new_status_has_a_new_time()
    {
        Condition written = Assert.Single(Assert.Single(Decide([Wanted(false, "not ready")], [Carried("True", "bound")])).Conditions);

        Assert.Equal(("False", Now), (written.Status, written.LastTransitionTime));
    }

    [Fact]
    public void What_is_said_of_a_newer_generation_is_written() =>
        Assert.Single(Decide([Wanted(true, "bound") with { ObservedGeneration = 2 }], [Carried("True", "bound")]));

    [Fact]
    public void What_is_not_said_any_more_is_left_out_of_the_write()
    {
        ConditionWrite write = Assert.Single(Decide([], [Carried("True", "bound")]));

        Assert.Equal((FieldManagers.Service, 0), (write.Manager, write.Conditions.Length));
    }

    [Fact]
    public void Conditions_of_others_are_neither_written_nor_removed() =>
        Assert.Empty(Decide([], [Carried("True", "balanced") with { Type = "LoadBalancerReady" }]));

    [Fact]
    public void A_write_holds_all_conditions_of_its_manager()
    {
        ConditionWrite write = Assert.Single(Decide(
            [Wanted(true, "bound"), Wanted(true, "public") with { Type = ConditionTypes.VisibilityApplied }], [Carried("True", "bound")], ObjectKind.ServiceEntry));

        Assert.Equal([ConditionTypes.VisibilityApplied, ConditionTypes.WaypointBound], write.Conditions.Select(condition => condition.Type).Order());
    }

    [Fact]
    public void The_two_conditions_of_a_policy_are_written_each_in_its_own_name()
    {
        IReadOnlyList<ConditionWrite> writes = Decide(
            [Wanted(true, "a") with { Type = ConditionTypes.ZtunnelAccepted }, Wanted(true, "b") with { Type = ConditionTypes.WaypointAccepted }],
            [],
            ObjectKind.AuthorizationPolicy);

        Assert.Equal([FieldManagers.WaypointPolicy, FieldManagers.ZtunnelPolicy], writes.Select(write => write.Manager).Order());
        Assert.All(writes, write => Assert.Single(write.Conditions));
    }

    [Fact]
    public void The_status_of_a_kind_that_others_write_is_left_alone() =>
        Assert.Empty(Decide([Wanted(true, "bound")], [], ObjectKind.Gateway));

    private static IReadOnlyList<ConditionWrite> Decide(
        ReportedCondition[] wanted, Condition[] carried, ObjectKind kind = ObjectKind.Service) => ConditionDecision.Decide(kind, wanted, carried, Now);

    private static ReportedCondition Wanted(bool status, string message) =>
        new(ConditionTypes.WaypointBound, status, status ? "WaypointAccepted" : "WaypointIsNotReady", message, !status, 1);

    private static Condition Carried(string status, string message) => new()
    {
        Type = ConditionTypes.WaypointBound,
        Status = status,
        Reason = status == "True" ? "WaypointAccepted" : "WaypointIsNotReady",
        Message = message,
        ObservedGeneration = 1,
        LastTransitionTime = Earlier,
    };
}
