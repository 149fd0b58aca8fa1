using System.Runtime.CompilerServices;
using Ambient.Mesh.Services;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>What telemetry says of mesh objects; made once for each, so that a connection only points to it.</summary>
internal static class WorkloadDescriptions
{
    private static readonly ConditionalWeakTable<Workload, WorkloadDescription> Workloads = [];
    private static readonly ConditionalWeakTable<Service, ServiceDescription> Services = [];

    public static WorkloadDescription? Of(Workload? workload) => workload is null ? null : Workloads.GetValue(workload, Describe);

    public static ServiceDescription? Of(Service? service) => service is null
        ? null
        : Services.GetValue(service, static described => new ServiceDescription(described.Hostname, described.Namespace, described.Name));

    /// <summary>A source that the mesh does not know, as it describes itself.</summary>
    public static WorkloadDescription Of(Baggage baggage) => new(
        PodName: null,
        baggage.WorkloadName,
        baggage.ServiceName,
        baggage.ServiceVersion,
        baggage.Namespace,
        baggage.ClusterId,
        baggage.Region,
        baggage.Zone,
        Identity: null,
        IsFromBaggage: true);

    private static WorkloadDescription Describe(Workload workload) => new(
        workload.Name,
        workload.WorkloadName,
        workload.CanonicalName,
        workload.CanonicalRevision,
        workload.Namespace,
        workload.ClusterId,
        workload.Locality.Region,
        workload.Locality.Zone,
        workload.Identity.ToString());
}
