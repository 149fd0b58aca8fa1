using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Xds.Decoding;

namespace Ambient.Xds.Protocol;

/// <summary>Puts a response into the store: one replacement for all of it, resources before removals (node-proxy 3.4, 3.8).</summary>
internal sealed class ResponseApplier(MeshStore store)
{
    private const int MaxNamed = 100;

    private readonly ResourceAliases _aliases = new();

    /// <returns>The text of a NACK, or null when everything was accepted.</returns>
    public string? Apply(DeltaResponse response, SubscribedType type)
    {
        store.Update(builder =>
        {
            foreach (DecodedResource resource in response.Resources)
            {
                Upsert(builder, resource, type);
            }

            foreach (string name in response.Removed)
            {
                Remove(builder, name, type);
            }
        });
        return Summarise(response, static resource => resource.Refusal);
    }

    private void Upsert(MeshSnapshotBuilder builder, in DecodedResource resource, SubscribedType type)
    {
        if (resource.Refusal is null)
        {
            type.Accept(resource.Name, resource.Version);
        }

        switch (resource.Content)
        {
            case Workload workload:
                builder.UpsertWorkload(workload);
                break;
            case Service service:
                builder.UpsertService(service);
                break;
            case AuthorizationPolicy policy:
                builder.UpsertPolicy(resource.Name, policy);
                break;
            default:
                return;
        }

        if (type.IsOnDemand && _aliases.Set(resource.Name, OwnNameOf(resource.Content)) is { } former)
        {
            RemoveUnlessNamed(builder, former, type);
        }
    }

    private void Remove(MeshSnapshotBuilder builder, string name, SubscribedType type)
    {
        type.Remove(name);
        if (type.TypeUrl == XdsTypes.Authorization)
        {
            builder.RemovePolicy(name);
        }
        else if (_aliases.Remove(name) is { } own)
        {
            RemoveUnlessNamed(builder, own, type);
        }
        else
        {
            builder.RemoveAddress(name);

            // Nothing stands behind the other names any more: whoever needs them has to ask again.
            _aliases.RemoveOf(name).ForEach(type.Remove);
        }
    }

    private void RemoveUnlessNamed(MeshSnapshotBuilder builder, string own, SubscribedType type)
    {
        if (!type.Holds(own) && !_aliases.HasOf(own))
        {
            builder.RemoveAddress(own);
        }
    }

    private static string OwnNameOf(object content) => content is Workload workload ? workload.Uid : ((Service)content).Key.ToString();

    /// <summary>What an operator should know of the resources that were taken; null for nothing.</summary>
    public static string? Remarks(DeltaResponse response) => Summarise(response, static resource => resource.Remark);

    // A push of a whole mesh can be wrong in every resource; the control plane needs examples, not a second push.
    private static string? Summarise(DeltaResponse response, Func<DecodedResource, string?> about)
    {
        List<string> said = [];
        int count = 0;
        foreach (DecodedResource resource in response.Resources)
        {
            if (about(resource) is { } text && count++ < MaxNamed)
            {
                said.Add($"{resource.Name}: {text}");
            }
        }

        if (count > MaxNamed)
        {
            said.Add($"and {count - MaxNamed} more");
        }

        return count == 0 ? null : string.Join("; ", said);
    }
}
