namespace Ambient.Ztunnel.Configuration;

internal enum ProxyMode
{
    /// <summary>One process serves the pods of a node, each through sockets made in the pod's network namespace.</summary>
    Shared,

    /// <summary>One process serves one workload, in the network namespace that it was started in.</summary>
    Dedicated,
}
