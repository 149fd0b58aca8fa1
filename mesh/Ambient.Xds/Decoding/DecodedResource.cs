using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Xds.Decoding;

/// <summary>A resource by its name: the object that it stands for, or why it was refused.</summary>
/// <param name="Content">A <see cref="Workload"/>, <see cref="Service"/> or <see cref="AuthorizationPolicy"/>; null when refused or of an unknown type.</param>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="Remark">What an operator should know of a resource that was taken; null for most.</param>
public readonly record struct DecodedResource(string Name, string Version, object? Content, string? Refusal, string? Remark = null);
