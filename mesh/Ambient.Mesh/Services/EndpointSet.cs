using Ambient.Mesh.Collections;

namespace Ambient.Mesh.Services;

/// <summary>
/// The endpoints of one service, keyed by workload uid. Immutable. Most services have few: those are one array, which costs a third of a map and
/// leaves the collector that much less to keep for each update.
/// </summary>
public sealed class EndpointSet
{
    /// <summary>More are kept in a map, so that a change of a large service still costs in proportion to itself.</summary>
    internal const int MostInArray = 32;

    /// <summary>Null as long as there are few.</summary>
    private readonly PersistentMap<string, Endpoint>? _byUid;
    private Endpoint[]? _all;

    private EndpointSet(Endpoint[] few) => _all = few;

    private EndpointSet(PersistentMap<string, Endpoint> many) => _byUid = many;

    public static EndpointSet Empty { get; } = new([]);

    public int Count => _byUid?.Count ?? _all!.Length;

    /// <summary>All endpoints, in no particular order. The array behind many is built once, on first use.</summary>
    public ReadOnlySpan<Endpoint> All => _all ??= [.. _byUid!.Select(pair => pair.Value)];

    public Endpoint? Find(string workloadUid)
    {
        if (_byUid is not null)
        {
            return _byUid.GetValueOrDefault(workloadUid);
        }

        int index = IndexOf(workloadUid);
        return index >= 0 ? _all![index] : null;
    }

    public bool Contains(string workloadUid) => Find(workloadUid) is not null;

    internal EndpointSet With(Endpoint endpoint, object? owner)
    {
        if (_byUid is not null)
        {
            return new EndpointSet(_byUid.Set(endpoint.Workload.Uid, endpoint, owner));
        }

        int index = IndexOf(endpoint.Workload.Uid);
        if (index < 0)
        {
            Endpoint[] more = [.. _all!, endpoint];
            return more.Length <= MostInArray ? new EndpointSet(more) : new EndpointSet(MapOf(more, owner));
        }

        Endpoint[] replaced = [.. _all!];
        replaced[index] = endpoint;
        return new EndpointSet(replaced);
    }

    internal EndpointSet Without(string workloadUid, object? owner)
    {
        if (_byUid is not null)
        {
            PersistentMap<string, Endpoint> rest = _byUid.Remove(workloadUid, owner);
            return ReferenceEquals(rest, _byUid) ? this : rest.Count > MostInArray / 2 ? new EndpointSet(rest) : Few([.. rest.Select(pair => pair.Value)]);
        }

        int index = IndexOf(workloadUid);
        return index < 0 ? this : Few([.. _all!.AsSpan(0, index), .. _all.AsSpan(index + 1)]);
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

    private static EndpointSet Few(Endpoint[] endpoints) => endpoints.Length == 0 ? Empty : new EndpointSet(endpoints);

    private static PersistentMap<string, Endpoint> MapOf(Endpoint[] endpoints, object? owner)
    {
        PersistentMap<string, Endpoint> map = PersistentMap<string, Endpoint>.Empty;
        foreach (Endpoint endpoint in endpoints)
        {
            map = map.Set(endpoint.Workload.Uid, endpoint, owner);
        }

        return map;
    }

    private int IndexOf(string workloadUid)
    {
        for (int index = 0; index < _all!.Length; index++)
        {
            if (_all[index].Workload.Uid == workloadUid)
            {
                return index;
            }
        }

        return -1;
    }
}
