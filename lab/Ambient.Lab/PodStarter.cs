using Ambient.Lab.Cgroups;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;

namespace Ambient.Lab;

/// <summary>Starts what pods run.</summary>
internal static class PodStarter
{
    /// <summary>Each in its namespace and control group; completes once all listen.</summary>
    /// <exception cref="LabException">One did not start; the message has the end of its log.</exception>
    public static async Task StartAsync(RunningLab lab, IEnumerable<PodPlan> pods, CancellationToken cancellationToken)
    {
        await Task.WhenAll(pods.Select(async pod =>
        {
            string directory = lab.Directory.PodDirectory(pod.Spec.Name);
            Directory.CreateDirectory(directory);
            if (pod.Spec.Workload is not { } workload)
            {
                return;
            }

            ProcessRecord process = lab.Start(new LabProcessSpec(
                ProcessRole.Workload, pod.Spec.Name, workload.Prepare(directory, lab.Plan), lab.Directory.PodLog(pod.Spec.Name))
            {
                NamespacePath = pod.NamespacePath,
                Cgroup = LabRecords.CgroupOf(pod),
            });
            if (workload.Port is { } port)
            {
                await PortWaiter.WaitAsync(process, pod.NamespacePath, port, lab.Directory.PodLog(pod.Spec.Name), cancellationToken);
            }
        }));
    }

    /// <summary>The control groups of pods, where the machine lets us make some.</summary>
    public static void MakeCgroups(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            CgroupTree.TryCreate(path);
        }
    }
}
