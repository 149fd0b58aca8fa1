using System.Net;

namespace Ambient.Lab.Plans;

/// <summary>
/// Where the control plane and the API server of a lab run: a namespace of its own, on one wire with each node. The API server and the debug
/// pages listen on its loopback alone.
/// </summary>
/// <param name="Namespace">Network namespace.</param>
/// <param name="Address">Where the nodes reach the control plane.</param>
public sealed record ControlPlanePlan(string Namespace, IPAddress Address)
{
    /// <summary>As <c>ambientctl lab exec</c> calls it, in the place of a pod.</summary>
    public const string Name = "control-plane";

    public const int ApiPort = 6443;
    public const int DiscoveryPort = 15012;
    public const int PagesPort = 8080;

    /// <summary>Interface in a node's namespace that leads here.</summary>
    public const string NodeInterface = "control0";

    public string NamespacePath => NamespaceFiles.PathOf(Namespace);

    /// <summary>As a program in the namespace calls the API server.</summary>
    public static Uri ApiServer { get; } = new($"http://127.0.0.1:{ApiPort}");

    /// <summary>As node proxies call it.</summary>
    public string DiscoveryUrl => $"https://{Address}:{DiscoveryPort}";
}
