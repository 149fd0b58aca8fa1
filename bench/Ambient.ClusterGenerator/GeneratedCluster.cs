using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Storage;

namespace Ambient.ClusterGenerator;

/// <summary>
/// A cluster as API servers hold one: nodes, namespaces of the mesh, services with a selector and their endpoint slices, and pods with the
/// fields that a kubelet and a scheduler leave behind, of which a control plane needs a few.
/// </summary>
internal sealed class GeneratedCluster(int pods, int services, int nodes)
{
    private const int ServicesOfANamespace = 100;
    private const uint FirstPodAddress = 0x0a000001;
    private const uint FirstServiceAddress = 0x0b000001;

    /// <summary>Puts everything into the storage, past HTTP: writing is not what is measured.</summary>
    public void Fill(ApiServerHost host)
    {
        Each("", "nodes", nodes, Node);
        Each("", "namespaces", 1, static _ => Namespace("istio-system", 'f', 0));
        Each("", "namespaces", ((services - 1) / ServicesOfANamespace) + 1, static index => Namespace($"team-{index}", 'b', index));
        Each("", "services", services, Service);
        Each("discovery.k8s.io", "endpointslices", services, Slice);
        Each("", "pods", pods, Pod);

        void Each(string group, string plural, int count, Func<int, JsonObject> make)
        {
            ServedKind kind = host.Kinds.Find(group, "v1", plural)!;
            for (int index = 0; index < count; index++)
            {
                JsonObject value = make(index);
                JsonNode metadata = value["metadata"]!;
                host.Storage.Change(kind, (string?)metadata["namespace"] ?? "", (string)metadata["name"]!, _ => value);
            }
        }
    }

    private static JsonObject Node(int index) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = Metadata(NodeName(index), null, Id('a', index), new JsonObject
        {
            ["topology.kubernetes.io/region"] = "region-1",
            ["topology.kubernetes.io/zone"] = $"region-1{(char)('a' + (index % 3))}",
        }),
    };

    private static JsonObject Namespace(string name, char kind, int index) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = Metadata(name, null, Id(kind, index), new JsonObject { ["istio.io/dataplane-mode"] = "ambient" }),
    };

    private static JsonObject Service(int index) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = Metadata($"application-{index}", NamespaceOf(index), Id('c', index), new JsonObject { ["app"] = $"application-{index}" }),
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = Ip(FirstServiceAddress + (uint)index),
            ["clusterIPs"] = new JsonArray(Ip(FirstServiceAddress + (uint)index)),
            ["selector"] = new JsonObject { ["app"] = $"application-{index}" },
            ["ports"] = new JsonArray(
                new JsonObject { ["name"] = "http", ["protocol"] = "TCP", ["port"] = 80, ["targetPort"] = 8080 },
                new JsonObject { ["name"] = "admin", ["protocol"] = "TCP", ["port"] = 9090, ["targetPort"] = 9090 }),
        },
    };

    private JsonObject Slice(int service)
    {
        JsonArray endpoints = [];
        for (int pod = service; pod < pods; pod += services)
        {
            endpoints.Add((JsonNode)new JsonObject
            {
                ["addresses"] = new JsonArray(Ip(FirstPodAddress + (uint)pod)),
                ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
                ["nodeName"] = NodeName(pod % nodes),
                ["targetRef"] = new JsonObject
                {
                    ["kind"] = "Pod", ["namespace"] = NamespaceOf(service), ["name"] = PodName(pod, service), ["uid"] = Id('e', pod),
                },
            });
        }

        return new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = Metadata(
                $"application-{service}-7xk2p", NamespaceOf(service), Id('d', service), new JsonObject { ["kubernetes.io/service-name"] = $"application-{service}" }),
            ["addressType"] = "IPv4",
            ["endpoints"] = endpoints,
            ["ports"] = new JsonArray(
                new JsonObject { ["name"] = "http", ["protocol"] = "TCP", ["port"] = 8080 },
                new JsonObject { ["name"] = "admin", ["protocol"] = "TCP", ["port"] = 9090 }),
        };
    }

    private JsonObject Pod(int index)
    {
        int service = index % services;
        JsonObject metadata = Metadata(PodName(index, service), NamespaceOf(service), Id('e', index), new JsonObject
        {
            ["app"] = $"application-{service}", ["pod-template-hash"] = $"5f6d7c8b9{service % 10}", ["version"] = "v1",
        });
        metadata["annotations"] = new JsonObject { ["ambient.istio.io/redirection"] = "enabled", ["kubernetes.io/config.source"] = "api" };
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["name"] = $"application-{service}-5f6d7c8b9{service % 10}", ["controller"] = true,
        });
        string address = Ip(FirstPodAddress + (uint)index);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["nodeName"] = NodeName(index % nodes),
                ["serviceAccountName"] = $"application-{service}",
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "application",
                    ["image"] = $"registry.example.com/team/application-{service}:1.0.{service}",
                    ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = 8080, ["protocol"] = "TCP" }),
                    ["env"] = new JsonArray(new JsonObject { ["name"] = "REGION", ["value"] = "region-1" }),
                    ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" } },
                }),
                ["restartPolicy"] = "Always",
            },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = address,
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
                ["conditions"] = new JsonArray(
                    new JsonObject { ["type"] = "Initialized", ["status"] = "True" },
                    new JsonObject { ["type"] = "Ready", ["status"] = "True" },
                    new JsonObject { ["type"] = "PodScheduled", ["status"] = "True" }),
            },
        };
    }

    private static JsonObject Metadata(string name, string? @namespace, string uid, JsonObject labels)
    {
        JsonObject metadata = new() { ["name"] = name, ["uid"] = uid, ["creationTimestamp"] = "2026-01-01T00:00:00Z", ["labels"] = labels };
        if (@namespace is not null)
        {
            metadata["namespace"] = @namespace;
        }

        return metadata;
    }

    private static string NodeName(int index) => $"node-{index}";

    private static string NamespaceOf(int service) => $"team-{service / ServicesOfANamespace}";

    /// <summary>Ends with the pod's number in seven digits, by which those who count arrivals know it.</summary>
    private static string PodName(int index, int service) =>
        string.Create(CultureInfo.InvariantCulture, $"application-{service}-5f6d7c8b9{service % 10}-{index:D7}");

    private static string Id(char kind, int index) => string.Create(CultureInfo.InvariantCulture, $"{kind}0000000-0000-4000-8000-{index:x12}");

    private static string Ip(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
}
