using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Policies;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.ControlPlane.Translation.Workloads;
using Ambient.Kube.Resources.Gateways;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Settling;

/// <summary>Gateways: as waypoints, and as the ways into other networks.</summary>
internal sealed class GatewaySettling(TranslationScope scope)
{
    private HashSet<string> _networkGateways = [];

    public void Settle()
    {
        foreach (GatewayName name in scope.Pending.Gateways)
        {
            Settle(name);
        }

        if (scope.Pending.NetworkGateways)
        {
            SettleNetworkGateways();
        }
    }

    private void Settle(GatewayName name)
    {
        WaypointGateway? before = scope.State.Waypoints.GetValueOrDefault(name);
        WaypointGateway? now = null;
        if (scope.State.Gateways.TryGetValue(name, out Gateway? gateway))
        {
            ObjectReport report = new(new ObjectKey(ObjectKind.Gateway, name.Namespace, name.Name), gateway.Metadata.Generation);
            GatewayClass? gatewayClass = scope.State.GatewayClasses.GetValueOrDefault(gateway.Spec.GatewayClassName);
            now = WaypointGatewayTranslation.Translate(gateway, gatewayClass, scope.State.Network, report);
            if (NetworkGatewayTranslation.IsNetworkGateway(gateway))
            {
                NetworkGatewayTranslation.Translate(gateway, scope.Options, report);
            }

            scope.Reports.Set(report);
            scope.State.Waypoints[name] = now;
        }
        else
        {
            scope.State.Waypoints.Remove(name);
        }

        if (Equals(before, now))
        {
            return;
        }

        foreach (IWaypointUser user in scope.State.WaypointUsers.Of(name))
        {
            scope.Pending.Add(user);
        }

        SettleAllowance(name, now);
    }

    private void SettleAllowance(GatewayName name, WaypointGateway? waypoint)
    {
        if (!scope.Options.AllowWaypointImplicitly)
        {
            return;
        }

        string resource = WaypointAllowTranslation.Resource(name);
        if (waypoint?.Address is null)
        {
            scope.Published.Withdraw(ResourceKind.Authorization, resource);
        }
        else
        {
            scope.Published.Publish(ResourceKind.Authorization, resource, WaypointAllowTranslation.Translate(waypoint, scope.Options));
        }
    }

    // Two Gateways may describe one address of one network, so all of them are looked at together; there are few.
    private void SettleNetworkGateways()
    {
        IEnumerable<WorkloadMessage> workloads = scope.State.Gateways.Values.Where(NetworkGatewayTranslation.IsNetworkGateway)
            .OrderBy(gateway => gateway.Metadata.CreationTimestamp ?? default)
            .ThenBy(gateway => $"{gateway.Metadata.Namespace}/{gateway.Metadata.Name}", StringComparer.Ordinal)
            .SelectMany(gateway => NetworkGatewayTranslation.Translate(gateway, scope.Options, new ObjectReport(default)));
        HashSet<string> published = [];
        foreach (WorkloadMessage workload in workloads.Where(workload => published.Add(workload.Uid)))
        {
            scope.Published.Publish(ResourceKind.Workload, workload.Uid, workload);
        }

        _networkGateways.ExceptWith(published);
        foreach (string gone in _networkGateways)
        {
            scope.Published.Withdraw(ResourceKind.Workload, gone);
        }

        _networkGateways = published;
    }
}
