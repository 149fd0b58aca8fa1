using System.Text;
using Ambient.Lab.Mesh;
using Ambient.Lab.Specs;

namespace Ambient.Lab.ControlPlanes;

/// <summary>Policies of a lab as Kubernetes objects.</summary>
internal static class PolicyManifest
{
    public static string Render(MeshPolicies policies)
    {
        var text = new StringBuilder();
        foreach (PolicySpec policy in policies.Policies)
        {
            string[] selected = [.. policies.Selected.Where(pair => pair.Value == policy.Key).Select(pair => pair.Key)];
            text.Append(policy == PolicySpec.Strict ? string.Concat(selected.Select(RenderStrict)) : RenderPolicy(policy));
        }

        return text.ToString();
    }

    private static string RenderStrict(string app) =>
        $$"""
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: { name: {{YamlText.Quote($"strict-{app}")}}, namespace: {{DefaultLab.Namespace}} }
        spec:
          selector: { matchLabels: { app: {{YamlText.Quote(app)}} } }
          mtls: { mode: STRICT }

        """;

    private static string RenderPolicy(PolicySpec policy) =>
        $$"""
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: {{YamlText.Quote(policy.Name)}}, namespace: {{YamlText.Quote(policy.Namespace)}} }
        spec:
          action: {{policy.Action.ToString().ToUpperInvariant()}}
          rules:
          - from:
            - source: { principals: [{{string.Join(", ", policy.Principals.Select(YamlText.Quote))}}] }

        """;
}
