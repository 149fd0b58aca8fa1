using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Patching;

/// <summary>
/// Which fields somebody owns: the tree that <c>fieldsV1</c> writes, <c>f:NAME</c> for a field and <c>k:{"KEY":VALUE}</c> for an item of a
/// keyed list. A leaf is owned whole.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    public bool IsEmpty => _children.Count == 0;

    /// <summary>The fields that a configuration names, without what identifies the object.</summary>
    public static FieldSet Of(JsonObject configuration)
    {
        FieldSet set = new();
        foreach ((string name, JsonNode? value) in configuration)
        {
            if (name is "apiVersion" or "kind")
            {
                continue;
            }

            if (name == "metadata" && value is JsonObject metadata)
            {
                JsonObject owned = (JsonObject)metadata.DeepClone();
                foreach (string identity in new[] { "name", "namespace", "uid", "resourceVersion", "managedFields", "creationTimestamp", "generation" })
                {
                    owned.Remove(identity);
                }

                set.Add("f:metadata", Below("metadata", owned));
                continue;
            }

            set.Add("f:" + name, Below(name, value));
        }

        return set;
    }

    public static FieldSet Parse(JsonNode? node)
    {
        FieldSet set = new();
        if (node is JsonObject fields)
        {
            foreach ((string name, JsonNode? child) in fields)
            {
                if (name != ".")
                {
                    set._children[name] = Parse(child);
                }
            }
        }

        return set;
    }

    public JsonObject ToJson()
    {
        JsonObject node = [];
        foreach ((string name, FieldSet child) in _children)
        {
            node[name] = child.ToJson();
        }

        return node;
    }

    /// <summary>The leaves that both own.</summary>
    public IEnumerable<string> Shared(FieldSet other, string path = "")
    {
        foreach ((string name, FieldSet child) in _children)
        {
            if (other._children.TryGetValue(name, out FieldSet? same))
            {
                string below = path + "." + Plain(name);
                foreach (string shared in child.IsEmpty || same.IsEmpty ? [below] : child.Shared(same, below))
                {
                    yield return shared;
                }
            }
        }
    }

    /// <summary>What is here and not there.</summary>
    public FieldSet Except(FieldSet other)
    {
        FieldSet rest = new();
        foreach ((string name, FieldSet child) in _children)
        {
            if (!other._children.TryGetValue(name, out FieldSet? same))
            {
                rest._children[name] = child;
            }
            else if (!child.IsEmpty && child.Except(same) is { IsEmpty: false } left)
            {
                rest._children[name] = left;
            }
        }

        return rest;
    }

    /// <summary>What is here or there.</summary>
    public FieldSet Union(FieldSet other)
    {
        FieldSet all = new();
        foreach ((string name, FieldSet child) in _children.Concat(other._children))
        {
            all._children[name] = all._children.TryGetValue(name, out FieldSet? same) ? same.Union(child) : child;
        }

        return all;
    }

    /// <summary>Removes the leaves of this set from an object, and what is empty after that.</summary>
    public void RemoveFrom(JsonNode? node)
    {
        foreach ((string name, FieldSet child) in _children)
        {
            switch (node)
            {
                case JsonObject fields when name.StartsWith("f:", StringComparison.Ordinal):
                    RemoveField(fields, name[2..], child);
                    break;
                case JsonArray items when name.StartsWith("k:", StringComparison.Ordinal) && Find(items, name[2..]) is { } item:
                    if (child.IsEmpty)
                    {
                        items.Remove(item);
                    }
                    else
                    {
                        child.RemoveFrom(item);
                        RemoveIfOnlyKeys(items, item, name[2..]);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private static void RemoveField(JsonObject fields, string name, FieldSet child)
    {
        if (child.IsEmpty)
        {
            fields.Remove(name);
            return;
        }

        child.RemoveFrom(fields[name]);
        if (fields[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            fields.Remove(name);
        }
    }

    private static void RemoveIfOnlyKeys(JsonArray items, JsonObject item, string keys)
    {
        if (JsonNode.Parse(keys) is JsonObject identity && item.All(field => identity.ContainsKey(field.Key)))
        {
            items.Remove(item);
        }
    }

    private static JsonObject? Find(JsonArray items, string keys) => JsonNode.Parse(keys) is JsonObject identity
        ? items.OfType<JsonObject>().FirstOrDefault(item => identity.All(key => JsonNode.DeepEquals(item[key.Key], key.Value)))
        : null;

    private static FieldSet Below(string name, JsonNode? value)
    {
        FieldSet set = new();
        switch (value)
        {
            case JsonObject fields:
                foreach ((string field, JsonNode? below) in fields)
                {
                    set._children["f:" + field] = Below(field, below);
                }

                break;
            case JsonArray items when MergeKeys.Of(name, items) is { } key:
                foreach (JsonObject item in items.OfType<JsonObject>())
                {
                    JsonObject identity = new() { [key] = item[key]?.DeepClone() };
                    set._children["k:" + JsonSerializer.Serialize(identity, Storage.ApiJson.Default.JsonObject)] = Below(name, item);
                }

                break;
            default:
                break;
        }

        return set;
    }

    private static string Plain(string name) => name.StartsWith("f:", StringComparison.Ordinal) ? name[2..] : name[1..];

    private void Add(string name, FieldSet child)
    {
        if (!child.IsEmpty || name != "f:metadata")
        {
            _children[name] = child;
        }
    }
}
