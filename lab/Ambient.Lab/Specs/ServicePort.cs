namespace Ambient.Lab.Specs;

/// <summary>A service's port and the pods' port behind it.</summary>
public sealed record ServicePort(int Port, int TargetPort);
