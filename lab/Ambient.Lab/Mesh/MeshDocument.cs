using System.Text;
using Ambient.Lab.Plans;
using Ambient.Lab.Specs;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.Mesh;

/// <summary>The lab as ztunnel reads it: workloads, services and policies in the format of node-proxy 9.9.</summary>
public static class MeshDocument
{
    /// <summary>The file's whole text, with <paramref name="policies"/> in place of the spec's.</summary>
    public static string Render(LabPlan plan, MeshPolicies policies)
    {
        var text = new StringBuilder();
        AppendList(text, "workloads", plan.Pods, pod => AppendWorkload(text, plan, pod, policies));
        foreach (NodePlan node in plan.Spec.ZtunnelsAreWorkloads ? plan.Nodes : [])
        {
            AppendZtunnel(text, node);
        }

        AppendList(text, "services", plan.Spec.Services, service => AppendService(text, plan, service));
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
                network: ""
                protocol: {(spec.Enrolled ? "HBONE" : "TCP")}
                workloadIps: ["{pod.V4}", "{pod.V6}"]
                workloadName: {YamlText.Quote(spec.Name)}
                workloadType: pod
                canonicalName: {YamlText.Quote(spec.Labels.GetValueOrDefault("app", spec.Name))}
                canonicalRevision: {YamlText.Quote(spec.Labels.GetValueOrDefault("version", "latest"))}
                authorizationPolicies: [{names}]

            """);
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
            network: ""
            protocol: HBONE
            workloadIps: ["{{node.GatewayV4}}", "{{node.GatewayV6}}"]
            workloadName: ztunnel
            workloadType: pod
            canonicalName: ztunnel
            services: {}

        """);

    private static void AppendService(StringBuilder text, LabPlan plan, ServiceSpec service) => text.Append(
        $$"""
          - name: {{YamlText.Quote(service.Name)}}
            namespace: {{YamlText.Quote(service.Namespace)}}
            hostname: {{YamlText.Quote(service.HostName)}}
            vips: ["/{{plan.ServiceAddress(service, ipv6: false)}}", "/{{plan.ServiceAddress(service, ipv6: true)}}"]
            ports: { {{Ports(service)}} }
            subjectAltNames: []
            canonical: true
            ipFamilies: Dual

        """);

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
