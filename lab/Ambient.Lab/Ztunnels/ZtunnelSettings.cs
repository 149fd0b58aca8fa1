using System.Globalization;
using Ambient.Lab.ControlPlanes;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.State;

namespace Ambient.Lab.Ztunnels;

/// <summary>Environment of the ztunnel of one node (node-proxy 9.8, and the names that are ours alone).</summary>
public static class ZtunnelSettings
{
    public const int ReadinessPort = 15021;
    public const int StatsPort = 15020;
    public const int AdminPort = 15000;
    public const string ReadinessPath = "/healthz/ready";

    public const string Namespace = "ambient-system";
    public const string ServiceAccount = "ztunnel";

    private const int GracePeriodSeconds = 3;

    /// <summary>Between the ports of two generations on one node.</summary>
    private const int PortStep = 100;

    /// <summary>What a pod's ztunnel would be called in a cluster.</summary>
    public static string PodName(string node) => $"ztunnel-{node}";

    public static int PortOf(int port, int generation) => port + (PortStep * generation);

    /// <param name="directory">Of the lab.</param>
    /// <param name="node">Whose pods it serves.</param>
    /// <param name="hasAgent">The node agent tells of the pods, not a file.</param>
    /// <param name="generation">0 or 1; see <see cref="Processes.ProcessRecord.Generation"/>.</param>
    public static Dictionary<string, string> ForNode(LabDirectory directory, NodePlan node, bool hasAgent, int generation)
    {
        Dictionary<string, string> settings = Of(directory, node);
        settings["PROXY_MODE"] = "shared";
        (string name, string value) = hasAgent ? ("INPOD_UDS", directory.AgentSocket(node.Name)) : ("AMBIENT_PODS", directory.PodList(node.Name));
        settings[name] = value;
        settings["AMBIENT_ADMIN_ADDRESS"] = $"localhost:{PortOf(AdminPort, generation)}";
        settings["AMBIENT_STATS_ADDRESS"] = $"*:{PortOf(StatsPort, generation)}";
        settings["AMBIENT_READINESS_ADDRESS"] = $"*:{PortOf(ReadinessPort, generation)}";
        return settings;
    }

    /// <summary>Of the ztunnel that a network gateway has for itself, on the usual ports of the pod's namespace (node-proxy 6.6).</summary>
    public static Dictionary<string, string> ForGateway(LabDirectory directory, PodPlan pod)
    {
        Dictionary<string, string> settings = Of(directory, pod.Node);
        settings["PROXY_MODE"] = "dedicated";
        settings["PROXY_WORKLOAD_INFO"] = $"{pod.Spec.Namespace}/{pod.Spec.Name}/{pod.Spec.ServiceAccount}";
        settings["ISTIO_META_DNS_CAPTURE"] = "false";
        return settings;
    }

    /// <summary>Asks a control plane for the mesh in place of a file, under the name of a pod (node-proxy 3.1).</summary>
    public static void AddControlPlane(Dictionary<string, string> settings, LabDirectory directory, string node, ControlPlanePlan control)
    {
        settings.Remove("LOCAL_XDS_PATH");
        settings["XDS_ADDRESS"] = control.DiscoveryUrl;
        settings["XDS_ROOT_CA"] = Path.Combine(directory.RootCertificates, LabAuthority.RootFile);
        settings["AUTH_TOKEN"] = directory.Token(node);
        settings["POD_NAME"] = PodName(node);
        settings["POD_NAMESPACE"] = Namespace;
    }

    /// <summary>What makes a ztunnel a workload of the mesh (node-proxy 2.7).</summary>
    public static void AddSelf(Dictionary<string, string> settings, string node)
    {
        settings["POD_NAME"] = PodName(node);
        settings["POD_NAMESPACE"] = Namespace;
        settings["SERVICE_ACCOUNT"] = ServiceAccount;
    }

    /// <summary>What both modes have in common. Policy decisions are logged at info, so that a refusal names its policy.</summary>
    public static Dictionary<string, string> Shared(string meshFile, string rootCertificates, string node) => new(StringComparer.Ordinal)
    {
        ["LOCAL_XDS_PATH"] = meshFile,
        ["XDS_ADDRESS"] = "",
        ["AMBIENT_LOCAL_ROOT"] = rootCertificates,
        ["NODE_NAME"] = node,
        ["NETWORK"] = "",
        ["CLUSTER_ID"] = LabSpec.ClusterId,
        ["RUST_LOG"] = "info",
        ["AUTHZ_POLICY_INFO_LOGGING"] = "true",
        ["TERMINATION_GRACE_PERIOD_SECONDS"] = GracePeriodSeconds.ToString(CultureInfo.InvariantCulture),
    };

    private static Dictionary<string, string> Of(LabDirectory directory, NodePlan node)
    {
        Dictionary<string, string> settings = Shared(directory.MeshFileOf(node.Network), directory.RootCertificates, node.Name);
        settings["NETWORK"] = node.Network;
        settings["CRL_PATH"] = directory.RevocationList;
        return settings;
    }
}
