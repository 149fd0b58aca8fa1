using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Waypoints;
using Ambient.ControlPlane.Translation.Workloads;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Settling;

/// <summary>Workloads of all sources. Those that are gone come first: another source may have taken the name.</summary>
internal sealed class WorkloadSettling(TranslationScope scope)
{
    public void Settle()
    {
        WorkloadTranslation translation = new(scope.Options, scope.State.Network);
        foreach (LabeledWorkload gone in scope.Pending.Workloads.Where(workload => workload.Gone))
        {
            scope.Published.Withdraw(ResourceKind.Workload, UidOf(gone, translation));
        }

        foreach (LabeledWorkload workload in scope.Pending.Workloads.Where(workload => !workload.Gone))
        {
            Settle(workload, translation);
        }

        SettleSlices();
    }

    private void Settle(LabeledWorkload workload, WorkloadTranslation translation)
    {
        WorkloadMessage? message;
        switch (workload)
        {
            case PodSource pod:
                message = translation.Translate(pod, scope.State.Nodes[pod.Node].Locality, Sliced(pod));
                Report(pod);
                break;
            case EntrySource entry:
                message = translation.Translate(entry);
                Report(entry);
                break;
            default:
                message = translation.Translate((InlineSource)workload);
                break;
        }

        Publish(UidOf(workload, translation), message);
    }

    private void Publish(string uid, WorkloadMessage? message)
    {
        if (message is null)
        {
            scope.Published.Withdraw(ResourceKind.Workload, uid);
        }
        else
        {
            scope.Published.Publish(ResourceKind.Workload, uid, message);
        }
    }

    private static string UidOf(LabeledWorkload workload, WorkloadTranslation translation) => workload switch
    {
        PodSource pod => translation.PodUid(pod.Home.Name, pod.Name),
        EntrySource entry => translation.EntryUid(entry.Home.Name, entry.Entry.Metadata.Name),
        InlineSource inline => translation.InlineUid(inline.Owner.Key, inline.Endpoint.Address),
        _ => throw new InvalidOperationException($"{workload.GetType().Name} has no name"),
    };

    /// <summary>The Services that select nothing and have the pod among their endpoints; a new pod of the same name is another one.</summary>
    private static IEnumerable<ServiceSource> Sliced(PodSource pod) => !pod.Home.SlicesByPod.TryGetValue(pod.Name, out HashSet<SliceSource>? slices)
        ? []
        : slices.Where(slice => slice.Pods.Any(target => target.Name == pod.Name && (target.Uid.Length == 0 || target.Uid == pod.Uid)))
            .Select(slice => pod.Home.Services[new ObjectKey(ObjectKind.Service, pod.Home.Name, slice.Service)])
            .Distinct();

    private void Report(PodSource pod)
    {
        WaypointBinding waypoint = pod.Group!.Waypoint;
        bool waypointFails = waypoint.Reason is not null && !waypoint.Inherited;
        if (pod.InvalidAddress is null && !waypointFails)
        {
            scope.Reports.Clear(pod.Key);
            return;
        }

        ObjectReport report = new(pod.Key);
        if (pod.InvalidAddress is { } address)
        {
            report.Note(Reasons.InvalidValue, $"address {Quoted.Text(address)} is not an IP address and is not used");
        }

        if (waypointFails)
        {
            report.Note(waypoint.Reason!, waypoint.Message);
        }

        scope.Reports.Set(report);
    }

    private void Report(EntrySource source)
    {
        ObjectReport report = new(source.Key, source.Entry.Metadata.Generation);
        WaypointReports.Carry(report, source.Entry.Status.Conditions);
        WaypointReports.Say(report, source.Group!.Waypoint, namesIngress: false);
        string address = source.Entry.Spec.Address;
        if (!WorkloadTranslation.IsReachable(address))
        {
            report.Note(Reasons.InvalidValue, $"address {Quoted.Text(address)} cannot be reached from a pod and is not used; give an IP address or a host name");
        }

        scope.Reports.Set(report);
    }

    private void SettleSlices()
    {
        SliceTranslation translation = new(scope.Options, scope.State.Network);
        foreach (string uid in scope.Pending.Slices.Where(slice => slice.Gone).SelectMany(slice => slice.Published))
        {
            scope.Published.Withdraw(ResourceKind.Workload, uid);
        }

        foreach (SliceSource slice in scope.Pending.Slices.Where(slice => !slice.Gone))
        {
            Settle(slice, translation);
        }
    }

    private void Settle(SliceSource slice, SliceTranslation translation)
    {
        ObjectReport report = new(slice.Key);
        ServiceSource? service = slice.Home.Services.GetValueOrDefault(new ObjectKey(ObjectKind.Service, slice.Home.Name, slice.Service));
        List<WorkloadMessage> workloads = [.. translation.Translate(slice, service, report)];
        foreach (string uid in slice.Published.Except(workloads.Select(workload => workload.Uid)))
        {
            scope.Published.Withdraw(ResourceKind.Workload, uid);
        }

        foreach (WorkloadMessage workload in workloads)
        {
            scope.Published.Publish(ResourceKind.Workload, workload.Uid, workload);
        }

        slice.Published = [.. workloads.Select(workload => workload.Uid)];
        scope.Reports.Set(report);
    }
}
