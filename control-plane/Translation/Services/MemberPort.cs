namespace Ambient.ControlPlane.Translation.Services;

/// <summary>A port of a service as its workloads see it.</summary>
/// <param name="ServicePort">The port of the service.</param>
/// <param name="TargetPort">The port of the workloads; 0 when it is the same or a name says it.</param>
/// <param name="TargetName">The name of the port of the workloads that a Service demands; null when it demands none.</param>
/// <param name="Name">The name of the port, by which a workload of a ServiceEntry may say its own.</param>
internal readonly record struct MemberPort(uint ServicePort, uint TargetPort, string? TargetName, string Name);
