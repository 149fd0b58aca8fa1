using System.Globalization;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Leases;
using Ambient.Testing;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.Kube.Leases;

public sealed class LeaderElectorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LeaseServer _server = new();
    private readonly LeaseContest _contest = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Of_several_candidates_one_leads_and_renews_what_others_see()
    {
        await using Candidate a = New("a");
        await using Candidate b = New("b");
        await using Candidate c = New("c");
        await UntilAsync(() => !_contest.Begun.IsEmpty, a, b, c);
        string leader = Assert.Single(_contest.Begun);
        string first = (string)_server.Read()!["spec"]!["renewTime"]!;

        await UntilAsync(() => (string?)_server.Read()!["spec"]!["renewTime"] != first, a, b, c);

        Assert.Equal(leader, _server.Holder);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", first);
        Assert.Equal(15, (int)_server.Read()!["spec"]!["leaseDurationSeconds"]!);
        Assert.Single(_contest.Begun);
        Assert.Empty(_contest.Violations);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_another_begins()
    {
        await using Candidate a = New("a");
        await UntilAsync(() => _contest.IsWorking("a"), a);
        await using Candidate b = New("b");
        a.Link.IsCut = true;
        DateTimeOffset? stopped = null;
        DateTimeOffset cut = _time.GetUtcNow();

        await UntilAsync(
            () =>
            {
                stopped ??= a.Elector.IsLeader ? null : _time.GetUtcNow();
                return _contest.IsWorking("b");
            },
            a,
            b);

        Assert.NotNull(stopped);
        Assert.InRange(stopped.Value - cut, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(10.5));
        Assert.True(_time.GetUtcNow() - stopped.Value >= TimeSpan.FromSeconds(4), $"the second began {_time.GetUtcNow() - stopped.Value} after the first stopped");
        Assert.Empty(_contest.Violations);
        Assert.Equal(1, (int)_server.Read()!["spec"]!["leaseTransitions"]!);
    }

    [Fact]
    public async Task A_leader_whose_renewals_arrive_but_whose_answers_do_not_stops_all_the_same()
    {
        await using Candidate a = New("a");
        await UntilAsync(() => _contest.IsWorking("a"), a);

        a.Link.IsDeaf = true;

        await UntilAsync(() => !_contest.IsWorking("a"), a);
        Assert.False(a.Elector.IsLeader);
    }

    [Fact]
    public async Task A_leader_that_is_stopped_gives_the_lease_back_so_that_the_next_need_not_wait()
    {
        await using Candidate a = New("a");
        await UntilAsync(() => _contest.IsWorking("a"), a);
        await using Candidate b = New("b");

        await a.StopAsync();
        Assert.Equal("", _server.Holder);
        DateTimeOffset released = _time.GetUtcNow();
        await UntilAsync(() => b.Elector.IsLeader, b);

        Assert.True(_time.GetUtcNow() - released < TimeSpan.FromSeconds(5), "the second waited for the end of a lease that was given back");
        Assert.Empty(_contest.Violations);
    }

    [Fact]
    public async Task Work_that_ends_gives_the_lease_back_and_is_begun_again_later()
    {
        await using Candidate a = New("a");
        await UntilAsync(() => _contest.Begun.Count == 1, a);
        TaskCompletionSource done = a.WorkDone;
        a.WorkDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        done.SetResult();

        await UntilAsync(() => _contest.Begun.Count == 2, a);
        Assert.Equal(["a", "", "a"], _server.Holders);
    }

    [Fact]
    public async Task Links_that_fail_at_random_never_let_two_lead()
    {
        var random = new Random(20261121);
        List<Candidate> all = [.. Enumerable.Range(0, 4).Select(index => New($"c{index}"))];
        try
        {
            for (int round = 0; round < FuzzRounds.Scale(30); round++)
            {
                foreach (Candidate candidate in all)
                {
                    candidate.Link.IsCut = random.Next(4) == 0;
                    candidate.Link.IsDeaf = random.Next(6) == 0;
                }

                DateTimeOffset end = _time.GetUtcNow() + TimeSpan.FromSeconds(random.Next(3, 25));
                await UntilAsync(() => _time.GetUtcNow() >= end, [.. all]);
            }

            foreach (Candidate candidate in all)
            {
                candidate.Link.IsCut = candidate.Link.IsDeaf = false;
            }

            int begun = _contest.Begun.Count;
            await UntilAsync(() => all.Exists(candidate => candidate.Elector.IsLeader), [.. all]);
            Assert.True(begun > 3, $"leadership changed {begun} times");
            Assert.Empty(_contest.Violations);
        }
        finally
        {
            foreach (Candidate candidate in all)
            {
                await candidate.DisposeAsync();
            }
        }
    }

    [Theory]
    [InlineData(10, 10, 2)]
    [InlineData(15, 2, 2)]
    [InlineData(15, 10, 0)]
    [InlineData(9, 10, 2)]
    public void Durations_that_would_let_two_lead_are_refused(int lease, int renew, int retry)
    {
        using var client = new KubernetesClient(new KubernetesConfiguration(ScriptedApi.Address), new KubernetesClientOptions(), _time, _server.Connect());
        var options = new LeaderElectionOptions("ns", "leader", "a")
        {
            LeaseDuration = TimeSpan.FromSeconds(lease),
            RenewDeadline = TimeSpan.FromSeconds(renew),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        };

        ArgumentException error = Assert.Throws<ArgumentException>(() => new LeaderElector(client, options, null!, _time));

        Assert.Contains("renew deadline", error.Message, StringComparison.Ordinal);
    }

    private Candidate New(string name) => new(_contest, _server, name, _time);

    /// <summary>Lets the clock run in small steps until something is so; checks at every step that one leads at most.</summary>
    private async Task UntilAsync(Func<bool> condition, params Candidate[] candidates)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, string.Create(CultureInfo.InvariantCulture, $"not within {Patience}; the clock shows {_time.GetUtcNow():O}"));
            Assert.True(candidates.Count(candidate => candidate.Elector.IsLeader) <= 1, "two lead at once");
            _time.Advance(TimeSpan.FromMilliseconds(250));

            // What the step set off runs on the thread pool: it goes first.
            do
            {
                await Task.Run(() => { });
            }
            while (!candidates.All(candidate => candidate.IsParked) && !patience.IsCancellationRequested);
        }
    }
}
