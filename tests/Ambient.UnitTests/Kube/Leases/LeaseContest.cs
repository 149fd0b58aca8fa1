using System.Collections.Concurrent;

namespace Ambient.UnitTests.Kube.Leases;

/// <summary>Who works at what time, and whether anybody ever began while another had not been told to stop.</summary>
internal sealed class LeaseContest
{
    private readonly ConcurrentDictionary<string, CancellationToken> _working = new();

    public ConcurrentQueue<string> Begun { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public bool IsWorking(string name) => _working.ContainsKey(name);

    public void Begin(string name, CancellationToken ended)
    {
        foreach ((string other, CancellationToken token) in _working)
        {
            if (!token.IsCancellationRequested)
            {
                Violations.Enqueue($"{name} began while {other} worked");
            }
        }

        _working[name] = ended;
        Begun.Enqueue(name);
    }

    public void End(string name) => _working.TryRemove(name, out _);
}
