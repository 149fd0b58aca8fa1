using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Statuses;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.ControlPlane.Statuses;

public sealed class StatusBookTests
{
    private static readonly ObjectKey Key = new(ObjectKind.Service, "shop", "web");
    private static readonly ReportedCondition Bound = new(ConditionTypes.WaypointBound, true, "WaypointAccepted", "bound", false, 1);

    private readonly ManualTime _time = new();
    private readonly PendingWrites _pending;
    private readonly StatusBook _book;

    public StatusBookTests()
    {
        _pending = new PendingWrites(_time);
        _book = new StatusBook(_pending, _time);
    }

    [Fact]
    public void Who_begins_to_lead_finds_everything_that_differs_and_nothing_else()
    {
        _book.Updated([], Result(Bound));
        ObjectKey other = Key with { Name = "other" };
        _book.Seen(other, Carrying(other, Bound));
        Assert.Equal(0, _pending.Count);

        _pending.Open();
        _book.AddAll();

        Assert.Equal(2, _pending.Count);
        Assert.Single(Assert.Single(_book.DecideNow(Key)).Conditions);
        Assert.Empty(Assert.Single(_book.DecideNow(other)).Conditions);
    }

    [Fact]
    public void What_was_written_is_not_written_again_when_it_is_read_back()
    {
        _pending.Open();
        _book.Updated([], Result(Bound));
        _book.Wrote(Key, Assert.Single(_book.DecideNow(Key)));
        Assert.Empty(_book.DecideNow(Key));

        _book.Seen(Key, Carrying(Key, Bound));

        Assert.Empty(_book.DecideNow(Key));
    }

    [Fact]
    public void A_condition_that_somebody_removes_is_written_again_after_a_while()
    {
        _book.Updated([], Result(Bound));
        _book.Seen(Key, Carrying(Key, Bound));
        _pending.Open();
        _book.Seen(Key, Carrying(Key));

        Task<StatusWork> next = _pending.NextAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);
        _time.Advance(StatusBook.DoubtPeriod);
        Assert.Equal(1, _pending.Count + (next.IsCompleted ? 1 : 0));
        Assert.Single(_book.DecideNow(Key));
    }

    [Fact]
    public void An_object_that_was_made_anew_between_two_batches_is_told_again()
    {
        _book.Updated([], Result(Bound));
        _book.Seen(Key, Carrying(Key, Bound));
        _book.Gone(Key);
        _book.Seen(Key, Carrying(Key));

        Assert.Single(_book.DecideNow(Key));
    }

    [Fact]
    public void Nothing_is_kept_of_an_object_that_is_gone()
    {
        _book.Updated([], Result(Bound));
        _book.Seen(Key, Carrying(Key, Bound));
        _book.Gone(Key);
        _book.Updated([ObjectChange.Delete(Key)], Result(null));

        Assert.Empty(_book.DecideNow(Key));
        _pending.Open();
        _book.AddAll();
        Assert.Equal(0, _pending.Count);
    }

    private static TranslationResult Result(ReportedCondition? condition) => new(
        new MeshChange([], []), condition is null ? [] : [new StatusChange(Key, condition.Type, condition)], [], []);

    private Service Carrying(ObjectKey key, params ReportedCondition[] conditions) => new()
    {
        Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name },
        Status = new ConditionedStatus
        {
            Conditions = [.. conditions.Select(condition => new Condition
            {
                Type = condition.Type,
                Status = condition.Status ? "True" : "False",
                Reason = condition.Reason,
                Message = condition.Message,
                ObservedGeneration = condition.ObservedGeneration,
                LastTransitionTime = _time.GetUtcNow(),
            })],
        },
    };
}
