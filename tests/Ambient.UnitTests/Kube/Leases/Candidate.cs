using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Kube.Leases;

namespace Ambient.UnitTests.Kube.Leases;

/// <summary>One candidate of an election, which tells the contest when it works and when it must stop.</summary>
internal sealed class Candidate : ILeadershipEvents, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaseContest _contest;
    private readonly KubernetesClient _client;
    private readonly PauseCountingTime _time;
    private readonly Task _run;

    public Candidate(LeaseContest contest, LeaseServer server, string name, TimeProvider clock)
    {
        var time = new PauseCountingTime(clock, TimeSpan.FromSeconds(2.4));
        _time = time;
        _contest = contest;
        Name = name;
        Link = server.Connect();
        _client = new KubernetesClient(new KubernetesConfiguration(ScriptedApi.Address), new KubernetesClientOptions(), time, Link);
        Elector = new LeaderElector(_client, new LeaderElectionOptions("istio-system", "leader", name), this, time);
        _run = Task.Run(() => Elector.RunAsync(LeadAsync, _stop.Token));
    }

    public string Name { get; }

    /// <summary>Nothing goes on until the clock moves or the link changes.</summary>
    public bool IsParked => _time.IsPausing || Link.IsHolding || _run.IsCompleted;

    public LeaseServer.Link Link { get; }

    public LeaderElector Elector { get; }

    /// <summary>Ends the work as if it were done.</summary>
    public TaskCompletionSource WorkDone { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    public void Won()
    {
    }

    public void Lost()
    {
    }

    public void Follows(string holder)
    {
    }

    public void Failed(KubernetesException error)
    {
    }

    public async ValueTask DisposeAsync()
    {
        Link.Close();
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task LeadAsync(CancellationToken ended)
    {
        _contest.Begin(Name, ended);
        await Task.WhenAny(Task.Delay(Timeout.Infinite, ended), WorkDone.Task);
        _contest.End(Name);
    }
}
