using System.Collections.Immutable;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Inputs;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Services;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;

namespace Ambient.ControlPlane.Translation.Settling;

/// <summary>Services and ServiceEntries: who has a host name, addresses, waypoints, and what is published.</summary>
internal sealed class ServiceSettling(TranslationScope scope, ServiceInput input, AddressAllocator allocator, WaypointResolution waypoints)
{
    private HashSet<ObjectKey> _exhausted = [];

    /// <summary>What ServiceEntries wait for since the last time one of them changed.</summary>
    public IReadOnlyList<AddressAllocation> Allocations { get; private set; } = [];

    /// <summary>Decides who has which host name: members depend on it.</summary>
    public void SettleNames()
    {
        foreach (ServiceSource service in scope.Pending.Services)
        {
            SettleVisibility(service);
        }

        foreach (string hostname in scope.Pending.Hostnames)
        {
            SettleName(hostname);
        }

        if (scope.Pending.Allocations)
        {
            HashSet<ObjectKey> exhausted = [];
            Allocations = allocator.Decide(exhausted);
            _exhausted.SymmetricExceptWith(exhausted);
            scope.Pending.Services.UnionWith(_exhausted.Select(scope.State.FindService).OfType<ServiceSource>());
            _exhausted = exhausted;
        }
    }

    public void Settle()
    {
        foreach (ServiceSource service in scope.Pending.Services)
        {
            Settle(service);
        }
    }

    /// <summary>Publishes services under the names that changed.</summary>
    public void Publish()
    {
        ServiceTranslation translation = new(scope.Options, scope.State.Network);
        foreach ((string home, string hostname) in scope.Pending.ServiceNames)
        {
            HostClaim? claim = scope.State.Hostnames.GetValueOrDefault(hostname)?
                .Find(claim => claim.Published && claim.Source.Home.Name == home);
            if (claim is null)
            {
                scope.Published.Withdraw(ResourceKind.Service, $"{home}/{hostname}");
            }
            else
            {
                scope.Published.Publish(ResourceKind.Service, claim.Key, translation.Translate(claim));
            }
        }
    }

    private void SettleVisibility(ServiceSource service)
    {
        EntryVisibility visibility = VisibilityOf(service);
        if (service.Visibility != visibility)
        {
            service.Visibility = visibility;
            scope.Pending.Hostnames.UnionWith(service.Claims.Select(claim => claim.Hostname));
            scope.Pending.Workloads.UnionWith(service.Inline);
        }
    }

    private EntryVisibility VisibilityOf(ServiceSource service) => service.IsKubernetes
        ? EntryVisibility.Public
        : scope.Options.ServiceEntryVisibility
            .FirstOrDefault(policy => LabelSelection.Matches(policy.Namespaces, service.Home.Metadata.Labels))?.Visibility ?? EntryVisibility.Public;

    private void SettleName(string hostname)
    {
        if (!scope.State.Hostnames.TryGetValue(hostname, out List<HostClaim>? claims) || claims.Count == 0)
        {
            scope.State.Hostnames.Remove(hostname);
            return;
        }

        claims.Sort(HostnameOrder.Compare);
        HashSet<NamespaceState> homes = [];
        HostClaim? canonical = null;
        foreach (HostClaim claim in claims)
        {
            bool published = claim.Source.Visibility != EntryVisibility.None && homes.Add(claim.Source.Home);
            bool isCanonical = published && canonical is null && claim.Source.Visibility == EntryVisibility.Public;
            canonical = isCanonical ? claim : canonical;
            if (claim.Published != published)
            {
                input.AddMembers(claim.Source);
            }

            if (claim.Published != published || claim.Canonical != isCanonical)
            {
                claim.Published = published;
                claim.Canonical = isCanonical;
                scope.Pending.Services.Add(claim.Source);
            }
        }
    }

    private void Settle(ServiceSource service)
    {
        List<GatewayName> consulted = [];
        WaypointBinding binding = HasWaypoint(service) ? waypoints.Resolve(RequestOf(service), consulted) : WaypointBinding.None;
        scope.State.WaypointUsers.Set(service, [.. consulted]);
        if (scope.Options.AllowWaypointImplicitly && service.Waypoint.Used != binding.Used)
        {
            input.AddMembers(service);
        }

        service.Waypoint = binding;
        ObjectReport report = ServiceReports.Of(service, scope.Options);
        if (_exhausted.Contains(service.Key))
        {
            report.Note(Reasons.NoAddressLeft, "the pools of addresses for ServiceEntries are exhausted; give it addresses of its own or enlarge the pools");
        }

        scope.Reports.Set(report);
        scope.Pending.Targets.Add(service.Key);
        scope.Pending.ServiceNames.UnionWith(service.Claims.Select(claim => (service.Home.Name, claim.Hostname)));
    }

    // A waypoint, or a gateway between networks, is not behind a waypoint.
    private static bool HasWaypoint(ServiceSource service) => !service.Claims.IsEmpty
        && service.Object.Metadata.Labels.GetValueOrDefault(MeshLabels.ManagedBy) is not ("istio.io-mesh-controller" or "istio.io-eastwest-controller");

    private static WaypointRequest RequestOf(ServiceSource service) => new(
        service.Home.Name,
        service.Home.Metadata,
        LabelSet.Of(service.Object.Metadata.Labels),
        service.Object.Metadata.Annotations,
        WaypointTraffic.Service)
    {
        OwnNamespaceOnly = service.Visibility == EntryVisibility.Namespace,
    };
}
