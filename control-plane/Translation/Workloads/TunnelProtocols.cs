using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>How a workload is reached (control-plane-and-cni 5.4).</summary>
internal static class TunnelProtocols
{
    /// <summary><c>pending</c> is not yet: nobody would take the connection.</summary>
    public static bool IsRedirected(ImmutableDictionary<string, string> annotations) =>
        annotations.GetValueOrDefault(MeshLabels.Redirection) == "enabled";

    public static void Set(WorkloadMessage workload, LabelSet labels, bool redirected)
    {
        workload.NativeTunnel = labels.Find(MeshLabels.Tunnel) is { } tunnels
            && tunnels.Split(',').Any(tunnel => tunnel.Trim() == "http");
        workload.TunnelProtocol = redirected || workload.NativeTunnel
            ? TunnelProtocolValue.TunnelProtocolHbone
            : TunnelProtocolValue.TunnelProtocolNone;
    }
}
