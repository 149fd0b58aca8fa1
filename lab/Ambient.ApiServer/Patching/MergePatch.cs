using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Patching;

/// <summary>JSON merge patch (RFC 7386): what the patch names is replaced, null removes.</summary>
public static class MergePatch
{
    /// <param name="target">Changed in place where it is an object.</param>
    /// <param name="patch">Not changed.</param>
    /// <returns>The result, which is <paramref name="target"/> where it could be changed in place.</returns>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        JsonObject result = target as JsonObject ?? [];
        foreach ((string name, JsonNode? change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
                continue;
            }

            JsonNode? before = result[name];
            JsonNode? after = Apply(before, change);
            if (!ReferenceEquals(before, after))
            {
                result[name] = after;
            }
        }

        return result;
    }
}
