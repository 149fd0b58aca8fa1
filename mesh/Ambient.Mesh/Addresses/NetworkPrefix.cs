namespace Ambient.Mesh.Addresses;

/// <summary>A CIDR virtual address: a block inside a named network (node-proxy 2.3.1).</summary>
public readonly record struct NetworkPrefix(string Network, IpPrefix Prefix);
