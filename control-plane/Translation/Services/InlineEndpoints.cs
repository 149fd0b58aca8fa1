using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>The endpoints of a ServiceEntry that are written into it, or that its hosts stand for (control-plane-and-cni 5.5).</summary>
internal static class InlineEndpoints
{
    /// <summary>Whether an entry that took the place of another has the same endpoints: none listed, found in the same way.</summary>
    public static bool StaySame(ServiceEntry? before, ServiceEntry? after) => before is null || after is null
        || (before.Spec.Endpoints.IsEmpty && after.Spec.Endpoints.IsEmpty && before.Spec.Resolution == after.Spec.Resolution);

    public static IEnumerable<InlineSource> Of(ServiceSource service)
    {
        if (service.Entry is not { Spec.WorkloadSelector: null } entry)
        {
            return [];
        }

        if (!entry.Spec.Endpoints.IsEmpty)
        {
            // The address is part of the name: of two endpoints with one address the first counts.
            return entry.Spec.Endpoints.DistinctBy(endpoint => endpoint.Address).Select(endpoint => new InlineSource(service, endpoint, null));
        }

        // A host with a wildcard has no address of its own: its waypoint resolves what is asked for.
        return EntryResolution.UsesDns(entry.Spec)
            ? service.Claims.Where(claim => !EntryResolution.IsWildcard(claim.Hostname))
                .Select(claim => new InlineSource(service, new WorkloadEntrySpec { Address = claim.Hostname }, claim.Hostname))
            : [];
    }
}
