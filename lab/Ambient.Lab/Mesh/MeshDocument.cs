using System.Text;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.Mesh;

/// <summary>The lab as ztunnel reads it: workloads, services and policies in the format of node-proxy 9.9.</summary>
public static class MeshDocument
{
    /// <summary>The file's whole text, with <paramref name="policies"/> in place of the spec's.</summary>
    /// <param name="plan">The lab.</param>
    /// <param name="policies">In force.</param>
    /// <param name="network">Whose nodes read it. Of other networks they know the gateways, and that services have endpoints there.</param>
    public static string Render(LabPlan plan, MeshPolicies policies, string network = "")
    {
        var text = new StringBuilder();
        PodPlan[] known = [.. plan.Pods.Where(pod => pod.Node.Network == network || pod.Spec.IsNetworkGateway)];
        AppendList(text, "workloads", known, pod => AppendWorkload(text, plan, pod, policies));
        foreach (NodePlan node in plan.Spec.ZtunnelsAreWorkloads ? plan.Nodes.Where(node => node.Network == network) : [])
        {
            AppendZtunnel(text, node);
        }

        foreach (ServiceSpec service in plan.Spec.Services)
        {
            AppendRemoteEndpoints(text, plan, service, network);
        }

        AppendList(text, "services", plan.Spec.Services, service => AppendService(text, plan, service, network));
        AppendList(text, "policies", policies.Policies, policy => AppendPolicy(text, policy));
        return text.ToString();
    }

    /// <summary>Replaces the file at once, so that a reader never sees half of it.</summary>
    public static void Write(string path, string text)
    {
        string temporary = $"{path}.new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    private static void AppendList<T>(StringBuilder text, string name, IReadOnlyList<T> items, Action<T> append)
    {
        text.Append(items.Count == 0 ? $"{name}: []\n" : $"{name}:\n");
        foreach (T item in items)
        {
            append(item);
        }
    }

    private static void AppendWorkload(StringBuilder text, LabPlan plan, PodPlan pod, MeshPolicies policies)
    {
        PodSpec spec = pod.Spec;
        string names = string.Join(", ", spec.PolicyNames.Concat(policies.NamesFor(spec.Name)).Distinct().Select(YamlText.Quote));
        text.Append(
            $"""
              - uid: {YamlText.Quote(pod.Uid)}
                name: {YamlText.Quote(spec.Name)}
                namespace: {YamlText.Quote(spec.Namespace)}
                trustDomain: {LabSpec.TrustDomain}
                serviceAccount: {YamlText.Quote(spec.ServiceAccount)}
                clusterId: {LabSpec.ClusterId}
                node: {YamlText.Quote(pod.Node.Name)}
                network: {YamlText.Quote(pod.Node.Network)}
                protocol: {(spec.Enrolled ? "HBONE" : "TCP")}
                workloadIps: ["{pod.V4}", "{pod.V6}"]
                workloadName: {YamlText.Quote(spec.Name)}
                workloadType: pod
                canonicalName: {YamlText.Quote(spec.Labels.GetValueOrDefault("app", spec.Name))}
                canonicalRevision: {YamlText.Quote(spec.Labels.GetValueOrDefault("version", "latest"))}
                authorizationPolicies: [{names}]

            """);
        AppendWaypoint(text, plan, spec.Waypoint);
        if (spec.ApplicationTunnel is { } tunnel)
        {
            text.Append($"    applicationTunnel: {{ protocol: {tunnel.Protocol.ToString().ToUpperInvariant()}{(tunnel.Port is { } port ? $", port: {port}" : "")} }}\n");
        }

        List<ServiceSpec> services = [.. plan.Spec.Services.Where(service => service.Selects(spec))];
        text.Append(services.Count == 0 ? "    services: {}\n" : "    services:\n");
        foreach (ServiceSpec service in services)
        {
            text.Append($"      {YamlText.Quote($"{service.Namespace}/{service.HostName}")}: {{ {Ports(service)} }}\n");
        }
    }

    private static void AppendZtunnel(StringBuilder text, NodePlan node) => text.Append(
        $$"""
          - uid: {{LabSpec.ClusterId}}//Pod/{{ZtunnelSettings.Namespace}}/{{ZtunnelSettings.PodName(node.Name)}}
            name: {{YamlText.Quote(ZtunnelSettings.PodName(node.Name))}}
            namespace: {{ZtunnelSettings.Namespace}}
            trustDomain: {{LabSpec.TrustDomain}}
            serviceAccount: {{ZtunnelSettings.ServiceAccount}}
            clusterId: {{LabSpec.ClusterId}}
            node: {{YamlText.Quote(node.Name)}}
            network: {{YamlText.Quote(node.Network)}}
            protocol: HBONE
            workloadIps: ["{{node.GatewayV4}}", "{{node.GatewayV6}}"]
            workloadName: ztunnel
            workloadType: pod
            canonicalName: ztunnel
            services: {}

        """);

    /// <summary>
    /// One workload without an address for all endpoints of the service on each other network: it is reached by way of that network's gateway,
    /// which chooses among them (node-proxy 1.7).
    /// </summary>
    private static void AppendRemoteEndpoints(StringBuilder text, LabPlan plan, ServiceSpec service, string network)
    {
        foreach (string remote in plan.Spec.Networks.Where(remote => remote != network))
        {
            if (plan.GatewayOf(remote) is not { } gateway || !EndpointsOf(plan, service).Any(pod => pod.Node.Network == remote))
            {
                continue;
            }

            text.Append(
                $$"""
                  - uid: {{YamlText.Quote($"{remote}/SplitHorizonWorkload/{gateway.Spec.Namespace}/{gateway.Spec.Name}/{service.HostName}")}}
                    name: {{YamlText.Quote($"{remote}-{service.Name}")}}
                    namespace: {{YamlText.Quote(service.Namespace)}}
                    trustDomain: {{LabSpec.TrustDomain}}
                    serviceAccount: default
                    clusterId: {{LabSpec.ClusterId}}
                    network: {{YamlText.Quote(remote)}}
                    protocol: HBONE
                    workloadIps: []
                    networkGateway: { destination: {{YamlText.Quote($"{remote}/{gateway.V4}")}}, hboneMtlsPort: {{LabSpec.HbonePort}} }
                    services:
                      {{YamlText.Quote($"{service.Namespace}/{service.HostName}")}}: { {{Ports(service)}} }

                """);
        }
    }

    private static IEnumerable<PodPlan> EndpointsOf(LabPlan plan, ServiceSpec service) => plan.Pods.Where(pod => service.Selects(pod.Spec));

    private static void AppendWaypoint(StringBuilder text, LabPlan plan, string? name)
    {
        if (name is not null)
        {
            PodPlan waypoint = plan.Pod(name);
            text.Append($"    waypoint: {{ destination: {YamlText.Quote($"{waypoint.Node.Network}/{waypoint.V4}")}, hboneMtlsPort: {LabSpec.HbonePort} }}\n");
        }
    }

    private static void AppendService(StringBuilder text, LabPlan plan, ServiceSpec service, string network)
    {
        // Whoever answers behind another network's gateway is known by the service only.
        IEnumerable<string> remote = EndpointsOf(plan, service).Where(pod => pod.Node.Network != network).Select(pod => pod.Spec.Principal).Distinct();
        string names = string.Join(", ", remote.Select(principal => YamlText.Quote($"spiffe://{principal}")));
        text.Append(
            $$"""
              - name: {{YamlText.Quote(service.Name)}}
                namespace: {{YamlText.Quote(service.Namespace)}}
                hostname: {{YamlText.Quote(service.HostName)}}
                vips: ["{{network}}/{{plan.ServiceAddress(service, ipv6: false)}}", "{{network}}/{{plan.ServiceAddress(service, ipv6: true)}}"]
                ports: { {{Ports(service)}} }
                subjectAltNames: [{{names}}]
                canonical: true
                ipFamilies: Dual

            """);
        AppendWaypoint(text, plan, service.Waypoint);
    }

    private static void AppendPolicy(StringBuilder text, PolicySpec policy)
    {
        string conditions = policy.WithoutIdentity
            ? "notPrincipals: [{ Presence: [] }]"
            : $"principals: [{string.Join(", ", policy.Principals.Select(principal => $"{{ Exact: {YamlText.Quote(principal)} }}"))}]";
        text.Append(
            $$"""
              - name: {{YamlText.Quote(policy.Name)}}
                namespace: {{YamlText.Quote(policy.Namespace)}}
                scope: {{policy.Scope}}
                action: {{policy.Action}}
                dryRun: false
                rules:
                  - - - {{conditions}}

            """);
    }

    private static string Ports(ServiceSpec service) => string.Join(", ", service.Ports.Select(port => $"{port.Port}: {port.TargetPort}"));
}
