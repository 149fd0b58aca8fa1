using Ambient.Mesh.Services;

namespace Ambient.Mesh.Routing;

/// <summary>The endpoint picked for a connection and the port on it.</summary>
public readonly record struct EndpointChoice(Endpoint Endpoint, ushort TargetPort);
