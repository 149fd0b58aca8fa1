namespace Ambient.Mesh.Services;

public readonly record struct PortMapping(ushort ServicePort, ushort TargetPort);
