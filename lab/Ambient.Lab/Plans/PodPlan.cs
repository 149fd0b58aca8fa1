using System.Net;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Plans;

/// <summary>Names and addresses of one pod. Its interface is eth0, whose other end is a port of the node's bridge.</summary>
public sealed record PodPlan(PodSpec Spec, NodePlan Node, string Namespace, string NodeInterface, IPAddress V4, IPAddress V6)
{
    public string NamespacePath => NamespaceFiles.PathOf(Namespace);

    public string Uid => $"{LabSpec.ClusterId}//Pod/{Spec.Namespace}/{Spec.Name}";

    public IPAddress Address(bool ipv6) => ipv6 ? V6 : V4;
}
