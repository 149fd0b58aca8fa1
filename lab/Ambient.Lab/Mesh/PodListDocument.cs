using Ambient.Lab.Agents;
using Ambient.Lab.Plans;

namespace Ambient.Lab.Mesh;

/// <summary>The pods that one node's ztunnel serves, each with the path of its network namespace.</summary>
public static class PodListDocument
{
    public static string Render(IEnumerable<PodPlan> enrolled)
    {
        string text = string.Concat(enrolled.Select(pod =>
            Render(new AgentPod(pod.Uid, pod.Spec.Name, pod.Spec.Namespace, pod.Spec.ServiceAccount, pod.NamespacePath))));
        return text.Length == 0 ? "[]\n" : text;
    }

    /// <summary>One entry; entries after each other are a list.</summary>
    public static string Render(AgentPod pod) =>
        $"""
        - uid: {YamlText.Quote(pod.Uid)}
          name: {YamlText.Quote(pod.Name)}
          namespace: {YamlText.Quote(pod.Namespace)}
          serviceAccount: {YamlText.Quote(pod.ServiceAccount)}
          netns: {YamlText.Quote(pod.NetworkNamespacePath)}

        """;
}
