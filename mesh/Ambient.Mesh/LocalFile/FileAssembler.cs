using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.LocalFile;

/// <summary>Checks what no single object shows (keys used twice, endpoints of no workload) and makes the snapshot.</summary>
internal sealed class FileAssembler(FileDraft file, LocalFileErrors errors)
{
    public void Check()
    {
        Dictionary<string, WorkloadDraft> workloads = new(StringComparer.Ordinal);
        foreach (WorkloadDraft workload in file.Workloads)
        {
            string uid = workload.Uid ?? string.Empty;
            if (!workloads.TryAdd(uid, workload))
            {
                errors.Add(workload.Start, $"uid {YamlReader.Quote(uid)} is also that of the workload in line {workloads[uid].Start.Line}");
            }
        }

        Dictionary<ServiceKey, ServiceDraft> services = [];
        foreach (ServiceDraft service in file.Services)
        {
            ServiceKey key = new(service.Namespace ?? string.Empty, service.Hostname ?? string.Empty);
            if (!services.TryAdd(key, service))
            {
                errors.Add(service.Start, $"service {YamlReader.Quote(key.ToString())} is also in line {services[key].Start.Line}");
            }

            foreach (EndpointDraft endpoint in service.Endpoints)
            {
                Attach(key, endpoint, workloads);
            }
        }

        Dictionary<string, PolicyDraft> policies = new(StringComparer.Ordinal);
        foreach (PolicyDraft policy in file.Policies)
        {
            string key = $"{policy.Namespace}/{policy.Name}";
            if (!policies.TryAdd(key, policy))
            {
                errors.Add(policy.Start, $"policy {YamlReader.Quote(key)} is also in line {policies[key].Start.Line}");
            }
        }
    }

    public LocalFileResult Assemble(string? nodeName)
    {
        LocalConfiguration configuration = new(
            [.. file.Workloads.Select(draft => draft.ToWorkload())],
            [.. file.Services.Select(draft => draft.ToService())],
            [.. file.Policies.Select(draft => draft.ToPolicy())]);
        MeshSnapshotBuilder builder = new(nodeName);
        foreach (Service service in configuration.Services)
        {
            builder.UpsertService(service);
        }

        foreach (Workload workload in configuration.Workloads)
        {
            builder.UpsertWorkload(workload);
        }

        foreach (AuthorizationPolicy policy in configuration.Policies)
        {
            builder.UpsertPolicy(policy);
        }

        return LocalFileResult.Valid(builder.Build(), configuration);
    }

    /// <summary>An endpoint under a service says the same as a service under a workload, so it becomes that.</summary>
    private void Attach(ServiceKey service, EndpointDraft endpoint, Dictionary<string, WorkloadDraft> workloads)
    {
        string uid = endpoint.WorkloadUid ?? string.Empty;
        if (!workloads.TryGetValue(uid, out WorkloadDraft? workload))
        {
            errors.Add(endpoint.Start, $"endpoint {YamlReader.Quote(uid)} is no workload of this file");
            return;
        }

        HealthStatus health = workload.Status ?? HealthStatus.Healthy;
        if (endpoint.Status is { } status && status != health)
        {
            errors.Add(endpoint.Start, $"endpoint {YamlReader.Quote(uid)} is {status}, but its workload is {health}");
        }

        if (!workload.Services.Exists(membership => membership.Service == service))
        {
            workload.Services.Add(new ServiceMembership(service, endpoint.Ports));
        }
    }
}
