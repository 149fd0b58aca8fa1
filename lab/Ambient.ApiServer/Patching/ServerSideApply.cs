using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Patching;

/// <summary>
/// Server-side apply: the fields of a configuration become those of the object and belong to its manager; fields that the manager applied
/// before and does not name any more go, unless another manager has them too.
/// </summary>
public static class ServerSideApply
{
    private const int MaxManagers = 100;

    /// <param name="target">The object as it is, or an empty one; changed in place.</param>
    /// <param name="configuration">What the manager wants.</param>
    /// <param name="manager">Who applies.</param>
    /// <param name="subresource">"" for the object, <c>status</c> for its status.</param>
    /// <param name="force">Whether fields of others are taken over.</param>
    /// <param name="now">When.</param>
    /// <exception cref="ApiException">409: another manager owns a field that would change, and it was not forced.</exception>
    public static void Apply(JsonObject target, JsonObject configuration, string manager, string subresource, bool force, DateTimeOffset now)
    {
        FieldSet wanted = FieldSet.Of(configuration);
        JsonArray entries = target.Metadata()["managedFields"] as JsonArray ?? [];
        RequireOwned(target, configuration, wanted, entries, manager, force);
        JsonObject? own = entries.OfType<JsonObject>().FirstOrDefault(entry => Is(entry, manager, subresource));
        FieldSet others = Others(entries, own);
        if (own is not null)
        {
            FieldSet.Parse(own["fieldsV1"]).Except(wanted).Except(others).RemoveFrom(target);
        }

        StrategicPatch.Apply(target, configuration);
        Own(target, entries, own, wanted, configuration.Text("apiVersion"), manager, subresource, force, now);
    }

    private static void Own(
        JsonObject target, JsonArray entries, JsonObject? own, FieldSet wanted, string apiVersion, string manager, string subresource, bool force, DateTimeOffset now)
    {
        JsonArray kept = [];
        foreach (JsonObject entry in entries.OfType<JsonObject>().Where(entry => entry != own).TakeLast(MaxManagers - 1))
        {
            JsonObject copy = (JsonObject)entry.DeepClone();
            if (force)
            {
                FieldSet left = FieldSet.Parse(copy["fieldsV1"]).Except(wanted);
                if (left.IsEmpty)
                {
                    continue;
                }

                copy["fieldsV1"] = left.ToJson();
            }

            kept.Add(copy);
        }

        JsonObject mine = new()
        {
            ["manager"] = manager,
            ["operation"] = "Apply",
            ["apiVersion"] = apiVersion,
            ["time"] = own is not null && JsonNode.DeepEquals(own["fieldsV1"], wanted.ToJson())
                ? own["time"]?.DeepClone()
                : now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = wanted.ToJson(),
        };
        if (subresource.Length > 0)
        {
            mine["subresource"] = subresource;
        }

        kept.Add(mine);
        target.Metadata()["managedFields"] = kept;
    }

    private static void RequireOwned(
        JsonObject target, JsonObject configuration, FieldSet wanted, JsonArray entries, string manager, bool force)
    {
        if (force)
        {
            return;
        }

        // A field that others own may be named as long as it stays what it is.
        JsonObject after = (JsonObject)target.DeepClone();
        StrategicPatch.Apply(after, configuration);
        FieldSet changed = Changes.Between(target, after);
        foreach (JsonObject entry in entries.OfType<JsonObject>().Where(entry => entry.Text("manager") != manager))
        {
            string[] conflicts = [.. wanted.Shared(FieldSet.Parse(entry["fieldsV1"])).Intersect(wanted.Shared(changed)).Take(10)];
            if (conflicts.Length > 0)
            {
                throw ApiException.Conflict(
                    $"Apply failed with {conflicts.Length} conflict(s) with \"{entry.Text("manager")}\": {string.Join(", ", conflicts)}");
            }
        }
    }

    private static FieldSet Others(JsonArray entries, JsonObject? own)
    {
        FieldSet all = new();
        foreach (JsonObject entry in entries.OfType<JsonObject>().Where(entry => entry != own))
        {
            all = all.Union(FieldSet.Parse(entry["fieldsV1"]));
        }

        return all;
    }

    private static bool Is(JsonObject entry, string manager, string subresource) =>
        entry.Text("manager") == manager && entry.Text("operation") == "Apply" && entry.Text("subresource") == subresource;
}
