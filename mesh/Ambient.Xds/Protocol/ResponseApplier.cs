using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Xds.Decoding;

namespace Ambient.Xds.Protocol;

/// <summary>Puts a response into the store: one replacement for all of it, resources before removals (node-proxy 3.4, 3.8).</summary>
internal sealed class ResponseApplier(MeshStore store)
{
    private const int MaxNamedRefusals = 100;

    /// <returns>The text of a NACK, or null when everything was accepted.</returns>
    public string? Apply(DeltaResponse response, SubscribedType type)
    {
        store.Update(builder =>
        {
            foreach (DecodedResource resource in response.Resources)
            {
                Upsert(builder, resource);
            }

            foreach (string name in response.Removed)
            {
                Remove(builder, type.TypeUrl, name);
            }
        });
        Remember(response, type);
        return Refusals(response);
    }

    private static void Upsert(MeshSnapshotBuilder builder, in DecodedResource resource)
    {
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
                break;
        }
    }

    private static void Remove(MeshSnapshotBuilder builder, string typeUrl, string name)
    {
        if (typeUrl == XdsTypes.Authorization)
        {
            builder.RemovePolicy(name);
        }
        else
        {
            builder.RemoveAddress(name);
        }
    }

    private static void Remember(DeltaResponse response, SubscribedType type)
    {
        foreach (DecodedResource resource in response.Resources)
        {
            if (resource.Refusal is null)
            {
                type.Accept(resource.Name, resource.Version);
            }
        }

        foreach (string name in response.Removed)
        {
            type.Remove(name);
        }
    }

    // A push of a whole mesh can be wrong in every resource; the control plane needs examples, not a second push.
    private static string? Refusals(DeltaResponse response)
    {
        List<string> refusals = [];
        int count = 0;
        foreach (DecodedResource resource in response.Resources)
        {
            if (resource.Refusal is { } reason && count++ < MaxNamedRefusals)
            {
                refusals.Add($"{resource.Name}: {reason}");
            }
        }

        if (count > MaxNamedRefusals)
        {
            refusals.Add($"and {count - MaxNamedRefusals} more");
        }

        return count == 0 ? null : string.Join("; ", refusals);
    }
}
