using Ambient.Mesh.Collections;

namespace Ambient.Mesh.Services;

/// <summary>The endpoints of one service, keyed by workload uid. Immutable.</summary>
public sealed class EndpointSet
{
    private readonly PersistentMap<string, Endpoint> _byUid;
    private Endpoint[]? _all;

    private EndpointSet(PersistentMap<string, Endpoint> byUid) => _byUid = byUid;

    public static EndpointSet Empty { get; } = new(PersistentMap<string, Endpoint>.Empty);

    public int Count => _byUid.Count;

    /// <summary>All endpoints, in no particular order. The array behind it is built once, on first use.</summary>
    public ReadOnlySpan<Endpoint> All => _all ??= [.. _byUid.Select(pair => pair.Value)];

    public Endpoint? Find(string workloadUid) => _byUid.GetValueOrDefault(workloadUid);

    public bool Contains(string workloadUid) => _byUid.ContainsKey(workloadUid);

    internal EndpointSet With(Endpoint endpoint, object? owner) => new(_byUid.Set(endpoint.Workload.Uid, endpoint, owner));

    internal EndpointSet Without(string workloadUid, object? owner)
    {
        PersistentMap<string, Endpoint> rest = _byUid.Remove(workloadUid, owner);
        return ReferenceEquals(rest, _byUid) ? this : new EndpointSet(rest);
    }

    internal EndpointSet Where(Func<Endpoint, bool> condition, object? owner)
    {
        EndpointSet result = this;
        foreach (Endpoint endpoint in All)
        {
            if (!condition(endpoint))
            {
                result = result.Without(endpoint.Workload.Uid, owner);
            }
        }

        return result;
    }
}
