using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>What a Service or ServiceEntry means for its workloads (control-plane-and-cni 5.4, 5.6).</summary>
internal static class ServiceShapes
{
    private const string ExternalName = "ExternalName";

    public static string Hostname(Service service, TranslationOptions options) =>
        $"{service.Metadata.Name}.{service.Metadata.Namespace}.svc.{options.ClusterDomain}";

    public static bool IsExternalName(Service service) => service.Spec.Type == ExternalName;

    public static ServiceShape Of(Service service, TranslationOptions options)
    {
        if (IsExternalName(service))
        {
            return new ServiceShape(null, [], [], default);
        }

        return new ServiceShape(
            service.Spec.Selector.IsEmpty ? null : LabelSet.Of(service.Spec.Selector),
            [Hostname(service, options)],
            [.. service.Spec.Ports.Where(port => IsPort(port.Number)).Select(PortOf)],
            service.Metadata.CreationTimestamp ?? default);
    }

    public static ServiceShape Of(ServiceEntry entry) => new(
        entry.Spec.WorkloadSelector is { } selector ? LabelSet.Of(selector.Labels) : null,
        [.. entry.Spec.Hosts.Where(IsHost).Distinct()],
        [.. entry.Spec.Ports.Where(port => IsPort(port.Number)).Select(PortOf)],
        entry.Metadata.CreationTimestamp ?? default);

    /// <summary>Whether a host can be the second half of a resource name.</summary>
    public static bool IsHost(string host) => host.Length > 0 && !host.Contains('/');

    public static bool IsPort(long number) => number is > 0 and <= ushort.MaxValue;

    private static MemberPort PortOf(ServicePort port)
    {
        uint target = port.TargetPort is { Name: null, Number: > 0 and <= ushort.MaxValue } numbered ? (uint)numbered.Number : 0;
        return new MemberPort((uint)port.Number, target, port.TargetPort?.Name, port.Name);
    }

    private static MemberPort PortOf(ServiceEntryPort port) =>
        new(port.Number, port.TargetPort <= ushort.MaxValue ? port.TargetPort : 0, null, port.Name);
}
