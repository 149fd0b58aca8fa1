using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;
using Ambient.Mesh.Addresses;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>What there is to say of a Service or ServiceEntry (control-plane-and-cni 5.12).</summary>
internal static class ServiceReports
{
    private const string RacingConnect = "RACE_FIRST_TCP_CONNECT";

    public static ObjectReport Of(ServiceSource source, TranslationOptions options)
    {
        ObjectReport report = new(source.Key, source.Object.Metadata.Generation);
        WaypointReports.Say(report, source.Waypoint, namesIngress: true);
        if (source.Entry is { } entry)
        {
            Report(entry, source, options, report);
        }
        else
        {
            Report((Service)source.Object, report);
        }

        foreach (HostClaim claim in source.Claims.Where(claim => !claim.Published && source.Visibility != EntryVisibility.None))
        {
            report.Note(Reasons.HostnameConflict, $"host {Quoted.Text(claim.Hostname)} is not published: a Service or an older ServiceEntry of namespace {source.Home.Name} has it");
        }

        return report;
    }

    private static void Report(Service service, ObjectReport report)
    {
        WaypointReports.Carry(report, service.Status.Conditions);
        if (ServiceShapes.IsExternalName(service) && service.Metadata.Labels.ContainsKey(MeshLabels.UseWaypoint))
        {
            report.Note(Reasons.NotHonoured, "a Service of type ExternalName is not part of the mesh and has no waypoint; use a ServiceEntry");
        }

        foreach (string text in service.Spec.ClusterIPs.Append(service.Spec.ClusterIP).Distinct())
        {
            if (text is not ("" or "None") && !MeshIp.TryParse(text, out _))
            {
                report.Note(Reasons.InvalidValue, $"cluster address {Quoted.Text(text)} is not an IP address and is not used");
            }
        }

        foreach (ServicePort port in service.Spec.Ports.Where(port => !ServiceShapes.IsPort(port.Number)))
        {
            report.Note(Reasons.InvalidValue, $"port {port.Number} is not from 1 to 65535 and is not used");
        }
    }

    private static void Report(ServiceEntry entry, ServiceSource source, TranslationOptions options, ObjectReport report)
    {
        WaypointReports.Carry(report, entry.Status.Conditions);
        ReportWaypointMissing(entry, source, report);
        ReportVisibility(source, options, report);
        ReportValues(entry, report);
        if (entry.Spec.ExportTo.Any(target => target != "*"))
        {
            report.Note(Reasons.NotHonoured, "exportTo is not honoured by node proxies; limit who may see it by the visibility of its namespace");
        }

        if (entry.Spec.WorkloadSelector is not null && !entry.Spec.Endpoints.IsEmpty)
        {
            report.Note(Reasons.NotHonoured, "endpoints are not used beside workloadSelector; remove one of them");
        }
    }

    private static void ReportWaypointMissing(ServiceEntry entry, ServiceSource source, ObjectReport report)
    {
        if (source.Waypoint.Address is not null)
        {
            return;
        }

        if (EntryResolution.IsDynamic(entry.Spec) && entry.Spec.Hosts.Any(EntryResolution.IsWildcard))
        {
            report.Say(ConditionTypes.WaypointMissing, true, Reasons.NoWaypointForWildcardService,
                $"a host with a wildcard is resolved by a waypoint, and it has none; label it {MeshLabels.UseWaypoint}", problem: true);
        }
        else if (entry.Metadata.Labels.GetValueOrDefault(MeshLabels.ConnectStrategy) == RacingConnect)
        {
            report.Say(ConditionTypes.WaypointMissing, true, Reasons.NoWaypointForRacingConnectStrategy,
                $"label {MeshLabels.ConnectStrategy} is honoured by a waypoint, and it has none; label it {MeshLabels.UseWaypoint}", problem: true);
        }
    }

    private static void ReportVisibility(ServiceSource source, TranslationOptions options, ObjectReport report)
    {
        if (options.ServiceEntryVisibility.IsEmpty)
        {
            return;
        }

        switch (source.Visibility)
        {
            case EntryVisibility.Public:
                report.Say(ConditionTypes.VisibilityApplied, true, Reasons.VisibleToAll, "every namespace resolves it", problem: false);
                break;
            case EntryVisibility.Namespace:
                report.Say(ConditionTypes.VisibilityApplied, true, Reasons.VisibleInNamespace, "its own namespace alone resolves it", problem: false);
                break;
            default:
                report.Note(Reasons.NotHonoured, "ServiceEntries of its namespace are not published: serviceEntryVisibility of the mesh says NONE");
                break;
        }
    }

    private static void ReportValues(ServiceEntry entry, ObjectReport report)
    {
        foreach (string address in entry.Spec.Addresses.Where(text => !MeshIp.TryParse(text, out _) && !IpPrefix.TryParse(text, out _)))
        {
            report.Note(Reasons.InvalidValue, $"address {Quoted.Text(address)} is neither an IP address nor a prefix and is not used");
        }

        foreach (string host in entry.Spec.Hosts.Where(host => !ServiceShapes.IsHost(host)))
        {
            report.Note(Reasons.InvalidValue, $"host {Quoted.Text(host)} is not a host name and is not published");
        }

        foreach (string address in entry.Spec.Endpoints.Select(endpoint => endpoint.Address).Where(address => !Workloads.WorkloadTranslation.IsReachable(address)))
        {
            report.Note(Reasons.InvalidValue, $"endpoint address {Quoted.Text(address)} cannot be reached from a pod and is not used; give an IP address or a host name");
        }

        if (entry.Spec.Endpoints.DistinctBy(endpoint => endpoint.Address).Count() < entry.Spec.Endpoints.Length)
        {
            report.Note(Reasons.InvalidValue, "of endpoints with the same address the first is used");
        }

        foreach (ServiceEntryPort port in entry.Spec.Ports.Where(port => !ServiceShapes.IsPort(port.Number)))
        {
            report.Note(Reasons.InvalidValue, $"port {port.Number} is not from 1 to 65535 and is not used");
        }

        if (!EntryResolution.IsKnown(entry.Spec))
        {
            report.Note(Reasons.InvalidValue, $"resolution {Quoted.Text(entry.Spec.Resolution)} is not known and taken for NONE; use STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS");
        }
    }
}
