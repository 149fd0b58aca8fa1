namespace Ambient.Mesh.Workloads;

/// <summary>How the last hop inside the destination pod is made (node-proxy 1.8).</summary>
/// <param name="Protocol">Whether a PROXY header is written first.</param>
/// <param name="Port">The port to connect to instead of the requested one; null keeps the requested one.</param>
public sealed record ApplicationTunnel(ApplicationTunnelProtocol Protocol, ushort? Port);
