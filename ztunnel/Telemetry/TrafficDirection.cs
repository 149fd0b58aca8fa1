namespace Ambient.Ztunnel.Telemetry;

/// <summary>As seen from the pod that this proxy serves.</summary>
internal enum TrafficDirection
{
    Outbound,
    Inbound,
}
