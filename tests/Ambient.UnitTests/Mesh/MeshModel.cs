using Ambient.Mesh.Services;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

/// <summary>The endpoint rules of node-proxy 2.3.2 and 3.8 in their plainest form: dictionaries and loops, to compare the indexes with.</summary>
internal sealed class MeshModel
{
    private readonly Dictionary<string, Workload> _workloads = [];
    private readonly Dictionary<ServiceKey, Service> _services = [];
    private readonly HashSet<(ServiceKey Service, string Uid)> _endpoints = [];
    private readonly HashSet<(ServiceKey Service, string Uid)> _staged = [];

    public void ApplyRandomChange(Random random, MeshSnapshotBuilder builder)
    {
        switch (random.Next(5))
        {
            case 0 or 1:
                Workload workload = RandomWorkload(random);
                builder.UpsertWorkload(workload);
                Upsert(workload);
                break;
            case 2:
                string uid = Pod($"w{random.Next(12)}").Uid;
                builder.RemoveWorkload(uid);
                Remove(uid);
                break;
            case 3:
                Service service = RandomService(random);
                builder.UpsertService(service);
                Upsert(service);
                break;
            default:
                ServiceKey key = ServiceAt($"s{random.Next(4)}", "10.96.0.1").Key;
                builder.RemoveService(key);
                _services.Remove(key);
                _endpoints.RemoveWhere(endpoint => endpoint.Service == key);
                break;
        }
    }

    public string Describe() => Join(
        _workloads.Values,
        _services.Values,
        _endpoints,
        _staged,
        Addresses.Select(ip => string.Join(',', _workloads.Values.Where(workload => workload.HasAddress(Ip(ip))).Select(workload => workload.Uid).Order())));

    public static string Describe(MeshSnapshot snapshot) => Join(
        snapshot.Workloads,
        snapshot.Services,
        snapshot.Services.SelectMany(service => Keys(service.Key, snapshot.EndpointsOf(service.Key))),
        snapshot.StagedEndpoints.SelectMany(pair => Keys(pair.Key, pair.Value)),
        Addresses.Select(ip => snapshot.FindWorkload(string.Empty, Ip(ip)) is { } found
            ? string.Join(',', snapshot.Workloads.Where(workload => workload.HasAddress(Ip(ip))).Select(workload => workload.Uid).Order())
            : string.Empty));

    private static IEnumerable<string> Addresses => Enumerable.Range(0, 6).Select(index => $"10.0.0.{index}");

    private static IEnumerable<(ServiceKey Service, string Uid)> Keys(ServiceKey service, EndpointSet endpoints) =>
        endpoints.All.ToArray().Select(endpoint => (service, endpoint.Workload.Uid));

    private static string Join(
        IEnumerable<Workload> workloads,
        IEnumerable<Service> services,
        IEnumerable<(ServiceKey Service, string Uid)> endpoints,
        IEnumerable<(ServiceKey Service, string Uid)> staged,
        IEnumerable<string> addresses) => string.Join('\n', [
            .. workloads.Select(workload => $"{workload.Uid} {workload.Status} {string.Join(',', workload.Addresses)}").Order(),
            .. services.Select(service => $"{service.Key} {service.LoadBalancer?.HealthPolicy}").Order(),
            .. endpoints.Select(endpoint => $"endpoint {endpoint.Service} {endpoint.Uid}").Order(),
            .. staged.Select(endpoint => $"staged {endpoint.Service} {endpoint.Uid}").Order(),
            .. addresses]);

    private static Workload RandomWorkload(Random random)
    {
        Workload workload = Pod($"w{random.Next(12)}", $"10.0.0.{random.Next(6)}") with
        {
            Status = random.Next(3) == 0 ? HealthStatus.Unhealthy : HealthStatus.Healthy,
        };
        int first = random.Next(4);
        for (int index = random.Next(3); index > 0; index--)
        {
            workload = workload.EndpointOf(ServiceAt($"s{(first + index) % 4}", "10.96.0.1"));
        }

        return workload;
    }

    private static Service RandomService(Random random) => ServiceAt($"s{random.Next(4)}", "10.96.0.1") with
    {
        LoadBalancer = random.Next(2) == 0 ? null : new LoadBalancer([], LoadBalancerMode.Standard, HealthPolicy.AllowAll),
    };

    private void Upsert(Workload workload)
    {
        Remove(workload.Uid);
        _workloads[workload.Uid] = workload;
        foreach (ServiceMembership membership in workload.Services)
        {
            if (!_services.TryGetValue(membership.Service, out Service? service))
            {
                _staged.Add((membership.Service, workload.Uid));
            }
            else if (service.Includes(workload.Status))
            {
                _endpoints.Add((membership.Service, workload.Uid));
            }
        }
    }

    private void Upsert(Service service)
    {
        _services[service.Key] = service;
        _endpoints.UnionWith(_staged.Where(endpoint => endpoint.Service == service.Key));
        _staged.RemoveWhere(endpoint => endpoint.Service == service.Key);
        _endpoints.RemoveWhere(endpoint => endpoint.Service == service.Key && !service.Includes(_workloads[endpoint.Uid].Status));
    }

    private void Remove(string uid)
    {
        _workloads.Remove(uid);
        _endpoints.RemoveWhere(endpoint => endpoint.Uid == uid);
        _staged.RemoveWhere(endpoint => endpoint.Uid == uid);
    }
}
