namespace Ambient.Mesh.State;

/// <summary>Key of the CIDR index: which prefix lengths occur for one address family of one network.</summary>
internal readonly record struct NetworkFamily(string Network, bool IsIPv6);
