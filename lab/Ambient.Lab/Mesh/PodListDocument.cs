using System.Text;
using Ambient.Lab.Plans;

namespace Ambient.Lab.Mesh;

/// <summary>The pods that one node's ztunnel serves, each with the path of its network namespace.</summary>
public static class PodListDocument
{
    public static string Render(IEnumerable<PodPlan> enrolled)
    {
        var text = new StringBuilder();
        foreach (PodPlan pod in enrolled)
        {
            text.Append(
                $"""
                - uid: {YamlText.Quote(pod.Uid)}
                  name: {YamlText.Quote(pod.Spec.Name)}
                  namespace: {YamlText.Quote(pod.Spec.Namespace)}
                  serviceAccount: {YamlText.Quote(pod.Spec.ServiceAccount)}
                  netns: {YamlText.Quote(pod.NamespacePath)}

                """);
        }

        return text.Length == 0 ? "[]\n" : text.ToString();
    }
}
