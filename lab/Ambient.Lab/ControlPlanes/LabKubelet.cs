using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Pod = Ambient.Kube.Resources.Core.Pod;

namespace Ambient.Lab.ControlPlanes;

/// <summary>
/// Writes to the API server what kubelets, the scheduler, the network plugin and the controllers of a cluster would: nodes, addresses of
/// services, the status of pods, endpoint slices.
/// </summary>
internal sealed class LabKubelet(LabPlan plan, KubernetesClient client)
{
    private const int AtATime = 8;

    private static readonly WriteOptions AsManager = new() { FieldManager = "lab", Force = true };
    private static readonly WriteOptions OfStatus = AsManager with { Subresource = "status" };

    /// <summary>Nodes, and the addresses of services.</summary>
    /// <exception cref="KubernetesException">The server refuses it, or does not answer.</exception>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        await EachAsync(plan.Nodes, (node, ended) => client.ApplyAsync(KubernetesResources.Nodes, new ObjectName("", node.Name), [], AsManager, ended), cancellation);
        await EachAsync(
            plan.Spec.Services,
            (service, ended) => client.ApplyAsync(
                KubernetesResources.Services, new ObjectName(service.Namespace, service.Name), new JsonObject { ["spec"] = AddressesOf(service) }, AsManager, ended),
            cancellation);
    }

    /// <summary>Pods that run, and with them the slices of their services. One that no manifest has is made.</summary>
    /// <exception cref="KubernetesException">The server refuses it, or does not answer.</exception>
    public async Task ReportAsync(IReadOnlyList<PodPlan> pods, CancellationToken cancellation)
    {
        await EachAsync(
            pods,
            async (pod, ended) =>
            {
                bool isThere = await client.FindAsync(KubernetesResources.Pods, NameOf(pod), ended) is not null;
                await client.ApplyAsync(KubernetesResources.Pods, NameOf(pod), isThere ? Annotated(pod) : Whole(pod), AsManager, ended);
                await WriteStatusAsync(pod, isReady: true, ended);
            },
            cancellation);
        await WriteSlicesAsync([], cancellation);
    }

    /// <summary>Pods that shall get no new connections: no endpoint of any service any more, and still running.</summary>
    /// <exception cref="KubernetesException">The server refuses it, or does not answer.</exception>
    public async Task RetireAsync(IReadOnlyList<PodPlan> pods, CancellationToken cancellation)
    {
        await WriteSlicesAsync(pods, cancellation);
        await EachAsync(pods, (pod, ended) => WriteStatusAsync(pod, isReady: false, ended), cancellation);
    }

    /// <summary>Pods that are gone.</summary>
    /// <exception cref="KubernetesException">The server refuses it, or does not answer.</exception>
    public Task DeleteAsync(IReadOnlyList<PodPlan> pods, CancellationToken cancellation) =>
        EachAsync(pods, (pod, ended) => client.DeleteAsync(KubernetesResources.Pods, NameOf(pod), ended), cancellation);

    private static ObjectName NameOf(PodPlan pod) => new(pod.Spec.Namespace, pod.Spec.Name);

    private static Task EachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> act, CancellationToken cancellation) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation }, async (item, ended) => await act(item, ended));

    /// <summary>What the network plugin writes to a pod that it redirects.</summary>
    private static JsonObject Annotated(PodPlan pod) => pod.Spec.Enrolled
        ? new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["ambient.istio.io/redirection"] = "enabled" } } }
        : [];

    private static JsonObject Whole(PodPlan pod)
    {
        JsonObject fields = Annotated(pod);
        JsonObject labels = [];
        foreach ((string name, string value) in pod.Spec.Labels)
        {
            labels[name] = value;
        }

        if (fields["metadata"] is JsonObject metadata)
        {
            metadata["labels"] = labels;
        }
        else
        {
            fields["metadata"] = new JsonObject { ["labels"] = labels };
        }

        fields["spec"] = new JsonObject
        {
            ["nodeName"] = pod.Node.Name,
            ["serviceAccountName"] = pod.Spec.ServiceAccount,
            ["containers"] = new JsonArray(new JsonObject { ["name"] = pod.Spec.Name, ["image"] = pod.Spec.Workload?.Program ?? "none" }),
        };
        return fields;
    }

    private JsonObject AddressesOf(ServiceSpec service)
    {
        string[] addresses = [plan.ServiceAddress(service, ipv6: false).ToString(), plan.ServiceAddress(service, ipv6: true).ToString()];
        return new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = addresses[0],
            ["clusterIPs"] = new JsonArray(addresses[0], addresses[1]),
            ["ipFamilies"] = new JsonArray("IPv4", "IPv6"),
            ["ipFamilyPolicy"] = "RequireDualStack",
        };
    }

    private Task<Pod> WriteStatusAsync(PodPlan pod, bool isReady, CancellationToken cancellation) => client.ApplyAsync(
        KubernetesResources.Pods,
        NameOf(pod),
        new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = pod.V4.ToString(),
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = pod.V4.ToString() }, new JsonObject { ["ip"] = pod.V6.ToString() }),
                ["hostIP"] = pod.Node.GatewayV4.ToString(),
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = isReady ? "True" : "False",
                    ["lastTransitionTime"] = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                }),
            },
        },
        OfStatus,
        cancellation);

    private Task WriteSlicesAsync(IReadOnlyList<PodPlan> retired, CancellationToken cancellation) => EachAsync(
        plan.Spec.Services.SelectMany(service => new[] { (Service: service, IPv6: false), (Service: service, IPv6: true) }),
        (slice, ended) => client.ApplyAsync(
            KubernetesResources.EndpointSlices,
            new ObjectName(slice.Service.Namespace, $"{slice.Service.Name}-{(slice.IPv6 ? "ipv6" : "ipv4")}"),
            SliceOf(slice.Service, slice.IPv6, retired),
            AsManager,
            ended),
        cancellation);

    private JsonObject SliceOf(ServiceSpec service, bool ipv6, IReadOnlyList<PodPlan> retired) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = service.Name } },
        ["addressType"] = ipv6 ? "IPv6" : "IPv4",
        ["ports"] = new JsonArray([.. service.Ports.Select(port => new JsonObject { ["port"] = port.TargetPort, ["protocol"] = "TCP" })]),
        ["endpoints"] = new JsonArray([.. plan.Pods.Where(pod => service.Selects(pod.Spec) && !retired.Contains(pod)).Select(pod => new JsonObject
        {
            ["addresses"] = new JsonArray(pod.Address(ipv6).ToString()),
            ["conditions"] = new JsonObject { ["ready"] = true },
            ["nodeName"] = pod.Node.Name,
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Spec.Namespace, ["name"] = pod.Spec.Name },
        })]),
    };
}
