using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ambient.Lab.Agents;

/// <summary>Reads what <see cref="Mesh.PodListDocument"/> wrote.</summary>
internal static class AgentPodList
{
    /// <exception cref="LabException">It is no list of pods.</exception>
    public static IReadOnlyList<AgentPod> Parse(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. ((YamlSequenceNode)stream.Documents[0].RootNode).Cast<YamlMappingNode>().Select(Read)];
        }
        catch (Exception failure) when (failure is YamlException or InvalidCastException or KeyNotFoundException or ArgumentOutOfRangeException)
        {
            throw new LabException($"This is no list of pods: {failure.Message}", "The lab writes it; bring the lab down and up again.");
        }
    }

    private static AgentPod Read(YamlMappingNode pod)
    {
        string Of(string key) => ((YamlScalarNode)pod[key]).Value ?? "";
        return new AgentPod(Of("uid"), Of("name"), Of("namespace"), Of("serviceAccount"), Of("netns"));
    }
}
