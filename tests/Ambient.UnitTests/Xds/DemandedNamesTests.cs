using Ambient.Testing.Certs;
using Ambient.Xds.Messages;
using Ambient.Xds.Protocol;

namespace Ambient.UnitTests.Xds;

/// <summary>What is asked for, and what need not be asked for again, request by request (node-proxy 3.3, 3.5).</summary>
public sealed class DemandedNamesTests
{
    private readonly ManualTime _time = new();
    private readonly HashSet<string> _inForce = [];
    private readonly DemandedNames _names;

    // "+a" and "-a": a is subscribed to, and no longer.
    private List<string> _requests = [];

    public DemandedNamesTests()
    {
        _names = new DemandedNames(_time);
        Connect();
    }

    [Fact]
    public void Everybody_who_waits_for_a_name_is_released_by_one_answer()
    {
        Task first = Ask("a");
        Task second = Ask("a");

        Answer("a");

        Assert.Equal(["+a"], _requests);
        Assert.True(EndsWell(first) && EndsWell(second));
        Assert.Empty(_names.Pending);
    }

    [Fact]
    public void A_control_plane_that_answers_nothing_is_asked_for_a_bounded_number_of_names()
    {
        Task[] waiting = [.. Enumerable.Range(0, DemandedNames.MaxNames).Select(i => Ask($"name-{i}"))];

        Task beyond = Ask("one more");
        Task known = Ask("name-7");
        Answer("name-7");

        Assert.DoesNotContain("+one more", _requests);
        Assert.False(beyond.IsCompleted);
        Assert.True(EndsWell(known) && EndsWell(waiting[7]));
        Assert.Equal(DemandedNames.MaxNames - 1, _names.Pending.Count);
    }

    [Fact]
    public async Task Whoever_gives_up_last_takes_the_question_back_and_makes_room()
    {
        using CancellationTokenSource impatient = new();
        Task[] waiting = [.. Enumerable.Range(0, DemandedNames.MaxNames).Select(i => Ask($"name-{i}", i == 7 ? default : impatient.Token))];
        Task sharing = Ask("name-7", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sharing);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[8]);
        await Task.WhenAll(waiting.Where((_, i) => i != 7).Select(task => task.ContinueWith(static _ => { }, TaskScheduler.Default)));

        Assert.Equal(["name-7"], _names.Pending);
        Assert.Equal(DemandedNames.MaxNames - 1, _requests.Count(request => request[0] == '-'));
        Assert.DoesNotContain("-name-7", _requests);
        Task next = Ask("one more");
        Answer("one more");
        Assert.True(EndsWell(next));
    }

    [Fact]
    public void What_does_not_exist_is_asked_for_again_only_after_a_while_and_as_a_change_of_the_subscription()
    {
        _ = Ask("a");
        Answer("a");

        _time.Advance(DemandedNames.AbsenceLifetime - TimeSpan.FromMilliseconds(1));
        Assert.True(EndsWell(Ask("a")));
        Assert.Equal(["+a"], _requests);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Task again = Ask("a");
        Assert.Equal(["+a", "-a", "+a"], _requests);
        Assert.False(again.IsCompleted);
        Answer("a");
        Assert.True(EndsWell(again) && EndsWell(Ask("a")));
    }

    [Fact]
    public void While_there_is_no_stream_the_last_answer_holds_however_old_it_is()
    {
        _ = Ask("a");
        Answer("a");
        _names.Detach();
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(EndsWell(Ask("a")));

        // A stream that is tried is none yet.
        Connect(isTaken: false);
        Assert.True(EndsWell(Ask("a")));
        Assert.Empty(_requests);

        _names.Taken();
        Assert.False(Ask("a").IsCompleted);
        Assert.Equal(["+a"], _requests);
    }

    [Fact]
    public void What_is_in_force_is_not_subscribed_to_again_until_it_is_gone_for_a_while()
    {
        _inForce.Add("a");
        _ = Ask("a");
        Answer("a");
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(EndsWell(Ask("a")));

        // Together with the object that it stood for: its own name is not among those of the response.
        _inForce.Remove("a");
        Answer("another");
        Assert.True(EndsWell(Ask("a")));
        Assert.Equal(["+a"], _requests);

        _time.Advance(DemandedNames.AbsenceLifetime);
        _ = Ask("a");
        Assert.Equal(["+a", "-a", "+a"], _requests);
    }

    [Fact]
    public void A_push_of_what_did_not_exist_ends_its_absence()
    {
        _ = Ask("a");
        Answer("a");
        _inForce.Add("a");
        Answer("a");
        _time.Advance(TimeSpan.FromDays(1));

        Assert.True(EndsWell(Ask("a")));
        Assert.Equal(["+a"], _requests);
    }

    [Fact]
    public async Task An_answer_that_comes_after_all_is_subscribed_to_again_so_that_it_is_kept_up_to_date()
    {
        using CancellationTokenSource impatient = new();
        Task given = Ask("a", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        _inForce.Add("a");
        Answer("a");
        Answer("a");

        Assert.Equal(["+a", "-a", "+a"], _requests);
        Assert.True(EndsWell(Ask("a")));
    }

    [Fact]
    public void Absences_are_bounded_and_the_oldest_one_is_no_longer_subscribed_to()
    {
        for (int i = 0; i <= RecentNames.MaxNames; i++)
        {
            _ = Ask($"name-{i}");
            Answer($"name-{i}");
        }

        Assert.Equal("-name-0", Assert.Single(_requests, request => request[0] == '-'));
        Assert.True(EndsWell(Ask("name-1")));
        Assert.False(Ask("name-0").IsCompleted);
        Assert.Equal("+name-0", _requests[^1]);
    }

    [Fact]
    public void The_next_stream_is_asked_for_what_is_pending_and_names_of_the_last_one_are_not_taken_back_there()
    {
        _ = Ask("absent");
        Answer("absent");
        Task pending = Ask("pending");
        _names.Detach();
        Task meanwhile = Ask("meanwhile");

        IReadOnlyCollection<string> listed = Connect();
        _time.Advance(DemandedNames.AbsenceLifetime);
        _ = Ask("absent");

        Assert.Equal(["pending", "meanwhile"], listed);
        Assert.Equal(["+absent"], _requests);
        Answer("pending", "meanwhile");
        Assert.True(EndsWell(pending) && EndsWell(meanwhile));
    }

    private static bool EndsWell(Task task) => task.Wait(TimeSpan.FromSeconds(30)) && task.IsCompletedSuccessfully;

    private Task Ask(string name, CancellationToken cancellation = default) => _names.AskAsync(name, cancellation).AsTask();

    private void Answer(params string[] names) => _names.Answer(names, _inForce.Contains);

    private IReadOnlyCollection<string> Connect(bool isTaken = true)
    {
        _requests = [];
        IReadOnlyCollection<string> listed = [];
        _names.Attach(Post, pending => listed = [.. pending]);
        if (isTaken)
        {
            _names.Taken();
        }

        return listed;
    }

    private void Post(DeltaDiscoveryRequest request) =>
        _requests.AddRange([.. request.ResourceNamesUnsubscribe.Select(name => "-" + name), .. request.ResourceNamesSubscribe.Select(name => "+" + name)]);
}
