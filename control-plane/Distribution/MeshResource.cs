using Google.Protobuf;

namespace Ambient.ControlPlane.Distribution;

/// <summary>A resource as translation made it, before it has a version.</summary>
/// <param name="Key">Its kind and name.</param>
/// <param name="Message">The workload, service or authorization. Not changed after it was published.</param>
public sealed record MeshResource(ResourceKey Key, IMessage Message);
