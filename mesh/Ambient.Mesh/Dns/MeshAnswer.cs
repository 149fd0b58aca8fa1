using System.Collections.Immutable;

namespace Ambient.Mesh.Dns;

/// <summary>What the mesh says to a question about a name that it knows.</summary>
/// <param name="Records">Empty when the name has no such address: that is an answer, not a failure (node-proxy 8.3).</param>
/// <param name="IsSupported">False when the service does not have addresses of that family at all.</param>
public readonly record struct MeshAnswer(ImmutableArray<DnsRecord> Records, bool IsSupported);
