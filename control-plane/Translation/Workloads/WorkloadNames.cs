using Ambient.ControlPlane.Translation.Selection;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>What a workload is called in telemetry (control-plane-and-cni 5.4).</summary>
internal static class WorkloadNames
{
    private const string UnknownRevision = "latest";

    /// <summary>Digits that a CronJob appends to its jobs: the scheduled time, in seconds of older clusters or in minutes.</summary>
    private const int LeastCronDigits = 8;
    private const int MostCronDigits = 10;

    /// <summary>The name of what made the pod, as its user knows it.</summary>
    public static string Of(Pod pod)
    {
        if (pod.Metadata.Labels.GetValueOrDefault(MeshLabels.WorkloadName) is { Length: > 0 } named)
        {
            return named;
        }

        OwnerReference? owner = pod.Metadata.OwnerReferences.FirstOrDefault(owner => owner.Controller == true);
        return owner is null ? pod.Metadata.Name : OwnerName(pod, owner);
    }

    public static void SetCanonical(WorkloadMessage workload, LabelSet labels)
    {
        workload.CanonicalName = First(labels, MeshLabels.CanonicalName, "app.kubernetes.io/name", "app") ?? workload.WorkloadName;
        workload.CanonicalRevision = First(labels, MeshLabels.CanonicalRevision, "app.kubernetes.io/version", "version") ?? UnknownRevision;
    }

    private static string OwnerName(Pod pod, OwnerReference owner)
    {
        switch (owner.Kind)
        {
            case "ReplicaSet" when pod.Metadata.Labels.GetValueOrDefault(MeshLabels.PodTemplateHash) is { Length: > 0 } hash
                && owner.Name.Length > hash.Length + 1 && owner.Name.EndsWith($"-{hash}", StringComparison.Ordinal):
                return owner.Name[..^(hash.Length + 1)];
            case "ReplicationController" when pod.Metadata.Labels.GetValueOrDefault(MeshLabels.DeploymentConfig) is { Length: > 0 } config:
                return config;
            case "Job":
                return WithoutTime(owner.Name);
            default:
                return owner.Name;
        }
    }

    private static string WithoutTime(string job)
    {
        int dash = job.LastIndexOf('-');
        ReadOnlySpan<char> time = job.AsSpan(dash + 1);
        bool scheduled = dash > 0 && time.Length is >= LeastCronDigits and <= MostCronDigits && !time.ContainsAnyExceptInRange('0', '9');
        return scheduled ? job[..dash] : job;
    }

    private static string? First(LabelSet labels, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (labels.Find(key) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
