using System.Net;
using System.Runtime.CompilerServices;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Testing.Certificates;

namespace Ambient.NetnsTests.Flows;

/// <summary>
/// A waypoint of which no byte is ours: python's TLS and python3-h2, in a pod that is not enrolled. It speaks HBONE on both sides, with a
/// certificate of the lab's root, and chooses the pods of services itself.
/// </summary>
internal sealed class ForeignWaypoint : IWorkload
{
    public string Program => "/usr/bin/python3";

    public int? Port => LabSpec.HbonePort;

    /// <summary>The default lab with this waypoint in front of the pod and the service web.</summary>
    public static LabSpec Build(string name) => WaypointLab.WithWaypoint(
        DefaultLab.Build(name),
        new PodSpec(WaypointLab.Waypoint, DefaultLab.Namespace, WaypointLab.Waypoint) { Enrolled = false, Workload = new ForeignWaypoint() });

    /// <summary>Makes the lab's root, which the ztunnels then find there: they start after the workloads.</summary>
    public IReadOnlyList<string> Prepare(string directory, LabPlan plan)
    {
        using TestAuthority authority = TestAuthority.CreateRoot();
        authority.WriteRoot(Path.Combine(directory, "..", "..", "root"));
        authority.Issue($"spiffe://{plan.Pod(WaypointLab.Waypoint).Spec.Principal}").WritePem(directory);
        return [Program, "-u", Script(), directory, .. plan.Spec.Services.SelectMany(service => Choices(plan, service))];
    }

    private static IEnumerable<string> Choices(LabPlan plan, ServiceSpec service) =>
        from port in service.Ports
        from ipv6 in new[] { false, true }
        let chosen = plan.Pods.First(pod => service.Selects(pod.Spec))
        select $"{new IPEndPoint(plan.ServiceAddress(service, ipv6), port.Port)}={new IPEndPoint(chosen.Address(ipv6), port.TargetPort)}";

    private static string Script([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "testdata", "interop", "hbone_waypoint.py"));
}
