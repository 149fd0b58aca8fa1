using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Google.Protobuf;

namespace Ambient.UnitTests.ControlPlane.Translation;

/// <summary>What somebody knows who follows a translator's results: its resources and conditions.</summary>
internal sealed class MeshCopy
{
    public SortedDictionary<string, string> Resources { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Conditions { get; } = new(StringComparer.Ordinal);

    public void Follow(TranslationResult result, IEnumerable<ObjectChange> batch)
    {
        foreach (MeshResource changed in result.Mesh.Changed)
        {
            string text = Convert.ToHexString(changed.Message.ToByteArray());
            Assert.False(Resources.TryGetValue(Name(changed.Key), out string? held) && held == text, $"{changed.Key} was published again unchanged");
            Resources[Name(changed.Key)] = text;
        }

        foreach (ResourceKey removed in result.Mesh.Removed)
        {
            Assert.True(Resources.Remove(Name(removed)), $"{removed} was removed and never published");
        }

        foreach (StatusChange status in result.Statuses)
        {
            string name = $"{status.Object} {status.Type}";
            Conditions.Remove(name);
            if (status.Condition is not null)
            {
                Conditions.Add(name, status.Condition.ToString());
            }
        }

        HashSet<ObjectKey> gone = [.. batch.GroupBy(change => change.Key).Where(changes => changes.Last().Object is null).Select(changes => changes.Key)];
        foreach (string name in Conditions.Keys.Where(name => gone.Any(key => name.StartsWith($"{key} ", StringComparison.Ordinal))).ToList())
        {
            Conditions.Remove(name);
        }
    }

    private static string Name(ResourceKey key) => $"{key.Kind} {key.Name}";
}
