namespace Ambient.Mesh.Services;

/// <summary>What a client and an endpoint are compared by; empty equals empty.</summary>
public enum RoutingScope
{
    Region,
    Zone,
    Subzone,
    Node,
    Cluster,
    Network,
}
