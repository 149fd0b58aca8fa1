namespace Ambient.Mesh.Routing;

/// <summary>For what an endpoint is chosen; a waypoint with an application tunnel need not have the port on its service (node-proxy 2.3.2).</summary>
public enum EndpointResolution
{
    Standard,
    Waypoint,
}
