using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Patching;

/// <summary>
/// Records whose fields are whose when an object that somebody applies is changed in another way. Objects that nobody applies have no such
/// record: it would be as large as they are.
/// </summary>
internal static class Ownership
{
    /// <param name="before">The object as it was.</param>
    /// <param name="after">As it is to be; its record of owners is written.</param>
    /// <param name="manager">Who changes it.</param>
    /// <param name="subresource">"" for the object, <c>status</c> for its status.</param>
    /// <param name="now">When.</param>
    public static void Take(JsonObject before, JsonObject after, string manager, string subresource, DateTimeOffset now)
    {
        if (before.At("metadata", "managedFields") is not JsonArray { Count: > 0 } entries || !JsonNode.DeepEquals(entries, after.At("metadata", "managedFields")))
        {
            return;
        }

        FieldSet changed = Changes.Between(before, after);
        if (changed.IsEmpty)
        {
            return;
        }

        FieldSet mine = changed;
        JsonArray kept = [];
        foreach (JsonObject entry in entries.OfType<JsonObject>())
        {
            FieldSet owned = FieldSet.Parse(entry["fieldsV1"]);
            if (entry.Text("manager") == manager && entry.Text("operation") == "Update" && entry.Text("subresource") == subresource)
            {
                mine = owned.Union(changed);
            }
            else if (owned.Except(changed) is { IsEmpty: false } left)
            {
                JsonObject copy = (JsonObject)entry.DeepClone();
                copy["fieldsV1"] = left.ToJson();
                kept.Add(copy);
            }
        }

        JsonObject own = new()
        {
            ["manager"] = manager,
            ["operation"] = "Update",
            ["apiVersion"] = after.Text("apiVersion"),
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = mine.ToJson(),
        };
        if (subresource.Length > 0)
        {
            own["subresource"] = subresource;
        }

        kept.Add(own);
        after.Metadata()["managedFields"] = kept;
    }
}
