using Ambient.Mesh.State;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.OnDemand;

/// <summary>The mesh as decisions see it where it is learnt on demand: asked for what they lack until they can be made (node-proxy 3.3).</summary>
internal sealed class DemandedMesh(MeshStore store, IOnDemandResources resources, TimeProvider time)
{
    private readonly NamesUnderWay _underWay = new();

    /// <summary>False when the whole mesh is known: then a decision needs no more than <see cref="Current"/>.</summary>
    public bool IsActive => resources.IsActive;

    public MeshSnapshot Current => store.Current;

    /// <summary>The same mesh, with a limit of its own to what is asked for at a time.</summary>
    public DemandedMesh WithOwnLimit() => new(store, resources, time);

    /// <param name="decide">Decides on a snapshot, given what was asked for already.</param>
    /// <param name="lacks">What a decision lacks; null when it is made.</param>
    /// <param name="refuse">The decision where what is lacking could not be learnt.</param>
    public async ValueTask<T> DecideAsync<T>(
        Func<MeshSnapshot, AskedResources, T> decide, Func<T, ResourceDemand?> lacks, Func<ConnectionFailure, T> refuse)
    {
        using DemandRounds rounds = new(resources, _underWay, time);
        while (true)
        {
            T decision = decide(store.Current, rounds.Asked);
            if (lacks(decision) is not { } demand)
            {
                return decision;
            }

            if (await rounds.AskAsync(demand) is { } failure)
            {
                return refuse(failure);
            }
        }
    }
}
