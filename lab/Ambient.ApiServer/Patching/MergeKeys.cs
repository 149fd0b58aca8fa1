using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Patching;

/// <summary>By which field the items of a list are told apart, where a list is merged and not replaced.</summary>
internal static class MergeKeys
{
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["ephemeralContainers"] = ["name"],
        ["env"] = ["name"],
        ["volumes"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["imagePullSecrets"] = ["name"],
        ["secrets"] = ["name"],
        ["hostAliases"] = ["ip"],
        ["ports"] = ["containerPort", "port"],
        ["conditions"] = ["type"],
        ["podIPs"] = ["ip"],
        ["addresses"] = ["type"],
        ["taints"] = ["key"],
        ["listeners"] = ["name"],
        ["ownerReferences"] = ["uid"],
    };

    /// <summary>The key of a list of that name; null when lists of that name are replaced whole.</summary>
    /// <param name="name">The field that holds the list.</param>
    /// <param name="items">The list: every object in it must have the key.</param>
    public static string? Of(string name, JsonArray items) =>
        Keys.TryGetValue(name, out string[]? keys) ? keys.FirstOrDefault(key => items.All(item => item is JsonObject fields && IsKeyed(fields, key))) : null;

    private static bool IsKeyed(JsonObject item, string key) => item.ContainsKey(key) || item.ContainsKey("$patch");
}
