using YamlDotNet.RepresentationModel;

namespace Ambient.Ztunnel.Configuration;

/// <summary>Reads the pod list: a YAML sequence of entries with uid, name, namespace, serviceAccount and netns.</summary>
internal static class PodList
{
    public const int MaxPods = 4096;
    private const int MaxTextLength = 4 << 20;
    private static readonly string[] Keys = ["uid", "name", "namespace", "serviceAccount", "netns"];

    /// <summary>Null with the line and the reason when any entry is wrong: half a list would silently leave pods out.</summary>
    public static IReadOnlyList<PodEntry>? Parse(string text, out string? error)
    {
        YamlNode? root = YamlText.Load(text, MaxTextLength, out error);
        if (root is null)
        {
            return error is null ? [] : null;
        }

        if (root is YamlSequenceNode sequence)
        {
            return Read(sequence, out error);
        }

        error = "must be one list of pods";
        return null;
    }

    private static List<PodEntry>? Read(YamlSequenceNode sequence, out string? error)
    {
        error = null;
        var pods = new List<PodEntry>();
        var uids = new HashSet<string>(StringComparer.Ordinal);
        foreach (YamlNode node in sequence)
        {
            PodEntry? pod = ReadEntry(node, out string? reason);
            reason ??= uids.Add(pod!.Uid) ? null : $"uid '{pod.Uid}' is listed twice";
            reason ??= pods.Count < MaxPods ? null : $"more than {MaxPods} pods";
            if (reason is not null)
            {
                error = $"line {node.Start.Line}: {reason}";
                return null;
            }

            pods.Add(pod!);
        }

        return pods;
    }

    private static PodEntry? ReadEntry(YamlNode node, out string? error)
    {
        error = null;
        if (node is not YamlMappingNode mapping)
        {
            error = $"a pod has the keys {string.Join(", ", Keys)}";
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in mapping)
        {
            string? name = (key as YamlScalarNode)?.Value;
            if (name is null || !Keys.Contains(name, StringComparer.Ordinal))
            {
                error = $"unknown key '{name}'; a pod has the keys {string.Join(", ", Keys)}";
                return null;
            }

            if (value is not YamlScalarNode { Value: { Length: > 0 } text })
            {
                error = $"'{name}' must be a text";
                return null;
            }

            values[name] = text;
        }

        if (Array.Find(Keys, key => !values.ContainsKey(key)) is { } missing)
        {
            error = $"'{missing}' is missing";
            return null;
        }

        return new PodEntry(
            values["uid"], new WorkloadInfo(values["name"], values["namespace"], values["serviceAccount"]), values["netns"]);
    }
}
