using System.Globalization;
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

    private const int GracePeriodSeconds = 3;

    public static Dictionary<string, string> ForNode(LabDirectory directory, string node)
    {
        Dictionary<string, string> settings = Shared(directory.MeshFile, directory.RootCertificates, node);
        settings["PROXY_MODE"] = "shared";
        settings["AMBIENT_PODS"] = directory.PodList(node);
        return settings;
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
}
