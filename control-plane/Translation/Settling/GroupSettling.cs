using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Policies;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;

namespace Ambient.ControlPlane.Translation.Settling;

/// <summary>What follows from labels: services, policies and waypoint of the workloads that have them.</summary>
internal sealed class GroupSettling(TranslationScope scope, WaypointResolution waypoints)
{
    public void Settle()
    {
        foreach (NamespaceState home in scope.Pending.Namespaces)
        {
            Report(home);
        }

        foreach (LabelGroup group in scope.Pending.Groups)
        {
            Settle(group);
        }
    }

    private void Settle(LabelGroup group)
    {
        List<ServiceSource> services = [];
        List<string> policies = [];
        List<PeerSource> peers = [];
        foreach (ISelecting selecting in group.Home.Selectors.Selecting(group.Labels))
        {
            switch (selecting)
            {
                case ServiceSource service:
                    services.Add(service);
                    break;
                case PolicySource policy:
                    policies.Add(policy.ResourceName!);
                    break;
                case PeerSource peer:
                    peers.Add(peer);
                    break;
            }
        }

        AddRootPolicies(group, policies);
        if (PeerAuthenticationTranslation.ResourceFor(PeerScopes.Oldest(peers), PeerScopes.Inherited(group.Home, scope.Root), scope.Options) is { } denial)
        {
            policies.Add(denial);
        }

        services.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        (WaypointBinding waypoint, WaypointInstance? instance) = ResolveWaypoint(group);
        AddAllowances(waypoint, services, policies);
        Update(group, [.. services], [.. policies.Distinct().Order(StringComparer.Ordinal)], waypoint, instance);
    }

    private void Update(
        LabelGroup group, ImmutableArray<ServiceSource> services, ImmutableArray<string> policies, WaypointBinding waypoint, WaypointInstance? instance)
    {
        if (group.Services.SequenceEqual(services) && group.Policies.SequenceEqual(policies)
            && Equals(group.Waypoint, waypoint) && Equals(group.Instance, instance))
        {
            return;
        }

        group.Services = services;
        group.Policies = policies;
        group.Waypoint = waypoint;
        group.Instance = instance;
        scope.Pending.AddMembers(group);
    }

    private void AddRootPolicies(LabelGroup group, List<string> policies)
    {
        if (scope.Root is { } root && root != group.Home)
        {
            policies.AddRange(root.Selectors.Selecting(group.Labels).OfType<PolicySource>().Select(policy => policy.ResourceName!));
        }
    }

    private void AddAllowances(WaypointBinding waypoint, List<ServiceSource> services, List<string> policies)
    {
        if (scope.Options.AllowWaypointImplicitly)
        {
            policies.AddRange(services.Select(service => service.Waypoint.Used).Append(waypoint.Used).OfType<GatewayName>()
                .Select(WaypointAllowTranslation.Resource));
        }
    }

    private (WaypointBinding Waypoint, WaypointInstance? Instance) ResolveWaypoint(LabelGroup group)
    {
        List<GatewayName> consulted = [];
        WaypointInstance? instance = null;
        WaypointBinding binding = WaypointBinding.None;
        if (group.Labels.Find(MeshLabels.GatewayName) is { Length: > 0 } gateway)
        {
            GatewayName name = new(group.Home.Name, gateway);
            consulted.Add(name);
            instance = scope.State.Waypoints.GetValueOrDefault(name) is { Address: not null } waypoint ? waypoint.Instance : null;
        }

        if (instance is null)
        {
            WaypointRequest request = new(group.Home.Name, group.Home.Metadata, group.Labels, [], WaypointTraffic.Workload);
            binding = waypoints.Resolve(request, consulted);
        }

        scope.State.WaypointUsers.Set(group, [.. consulted.Distinct()]);
        return (binding, instance);
    }

    // Pods have no condition to say it in, and a namespace that names a waypoint which is not there says it for all of them.
    private void Report(NamespaceState home)
    {
        List<GatewayName> consulted = [];
        WaypointRequest request = new(home.Name, home.Metadata, LabelSet.Empty, home.Metadata.Annotations, WaypointTraffic.All);
        WaypointBinding binding = waypoints.Resolve(request, consulted);
        scope.State.WaypointUsers.Set(home, [.. consulted]);
        ObjectReport report = new(new ObjectKey(ObjectKind.Namespace, "", home.Name), home.Metadata.Generation);
        if (binding.Reason is { } reason)
        {
            report.Note(reason, binding.Message);
        }

        scope.Reports.Set(report);
    }
}
