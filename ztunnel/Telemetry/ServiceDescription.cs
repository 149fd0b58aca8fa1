namespace Ambient.Ztunnel.Telemetry;

/// <summary>The service that the caller asked for, also when a waypoint stands in between.</summary>
internal sealed record ServiceDescription(string Hostname, string Namespace, string Name);
