using System.Net;

namespace Ambient.Lab.Plans;

/// <summary>Names and addresses of one node.</summary>
public sealed record NodePlan(string Name, string Namespace, IPAddress GatewayV4, IPAddress GatewayV6, int Index)
{
    /// <inheritdoc cref="Specs.NodeSpec.Network"/>
    public string Network { get; init; } = "";

    public string NamespacePath => NamespaceFiles.PathOf(Namespace);

    /// <summary>Interface, in another node's namespace, that leads here.</summary>
    public string InterfaceToHere => $"to-{Name}";
}
