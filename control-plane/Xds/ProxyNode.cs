using Ambient.Grpc;
using Ambient.Xds.Messages;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.ControlPlane.Xds;

/// <summary>What a proxy says of itself in its first request (control-plane-and-cni 5.11, node-proxy 3.2). Claims, until they are checked.</summary>
/// <param name="Id">The whole node id, for lists and logs.</param>
/// <param name="Kind"><c>ztunnel</c>, <c>waypoint</c>, <c>sidecar</c> or <c>router</c>.</param>
/// <param name="PodName">"" when it does not say, as the other texts.</param>
/// <param name="PodNamespace">The namespace of the proxy's pod.</param>
/// <param name="ServiceAccount">The account of the proxy's pod.</param>
/// <param name="NodeName">The Kubernetes node it runs on.</param>
/// <param name="Version">The release it runs.</param>
public sealed record ProxyNode(
    string Id, string Kind, string PodName, string PodNamespace, string ServiceAccount, string NodeName, string Version)
{
    private const int MaxIdLength = 1024;
    private const int Parts = 4;

    private static readonly string[] Kinds = ["ztunnel", "waypoint", "sidecar", "router"];

    /// <exception cref="GrpcException">The id is missing or not of the form <c>type~ip~pod.namespace~domain</c>.</exception>
    public static ProxyNode Parse(Node? node)
    {
        if (node is null || node.Id.Length is 0 or > MaxIdLength)
        {
            throw new GrpcException(
                GrpcStatusCode.InvalidArgument, $"the first request must carry node.id, of at most {MaxIdLength} characters");
        }

        string[] parts = node.Id.Split('~');
        if (parts.Length != Parts || !Kinds.Contains(parts[0], StringComparer.Ordinal))
        {
            throw new GrpcException(
                GrpcStatusCode.InvalidArgument,
                $"node.id '{node.Id}' is not of the form type~ip~pod.namespace~domain, with type one of {string.Join(", ", Kinds)}");
        }

        int dot = parts[2].LastIndexOf('.');
        string podName = dot < 0 ? parts[2] : parts[2][..dot];
        string podNamespace = dot < 0 ? string.Empty : parts[2][(dot + 1)..];
        return new ProxyNode(
            node.Id,
            parts[0],
            podName,
            Text(node, "NAMESPACE") is { Length: > 0 } claimed ? claimed : podNamespace,
            Text(node, "SERVICE_ACCOUNT"),
            Text(node, "NODE_NAME"),
            Text(node, "ISTIO_VERSION"));
    }

    private static string Text(Node node, string key) =>
        node.Metadata?.Fields.TryGetValue(key, out Value? value) == true ? value.StringValue : string.Empty;
}
