using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>Reads a CustomResourceDefinition.</summary>
internal static class CustomKind
{
    // Every table has the age anyway.
    private const string AgePath = ".metadata.creationTimestamp";

    /// <returns>One kind for each version that is served.</returns>
    /// <exception cref="ApiException">422: it is no definition.</exception>
    public static IReadOnlyList<ServedKind> Read(JsonObject definition)
    {
        JsonObject spec = definition.Section("spec");
        JsonObject names = spec.Section("names");
        string group = spec.Text("group");
        string plural = names.Text("plural");
        string kind = names.Text("kind");
        string expected = $"{plural}.{group}";
        List<(string Field, string Message)> causes = [];
        Require(group.Length > 0, "spec.group", "is required");
        Require(plural.Length > 0, "spec.names.plural", "is required");
        Require(kind.Length > 0, "spec.names.kind", "is required");
        Require(definition.Metadata().Text("name") == expected, "metadata.name", $"must be {expected}");
        Require(spec.Text("scope") is "Namespaced" or "Cluster", "spec.scope", "must be Namespaced or Cluster");
        Require(BuiltInKinds.All.All(known => known.GroupResource != expected), "metadata.name", "is the name of a built-in kind");
        JsonObject[] versions = [.. (spec["versions"] as JsonArray ?? []).OfType<JsonObject>()];
        Require(versions.Length > 0 && versions.All(version => version.Text("name").Length > 0), "spec.versions", "at least one is required, and each has a name");
        if (causes.Count > 0)
        {
            throw ApiException.Invalid($"CustomResourceDefinition {definition.Metadata().Text("name")}", causes);
        }

        string singular = names.Text("singular") is { Length: > 0 } said ? said : kind.ToLowerInvariant();
        string stored = (versions.FirstOrDefault(version => Is(version, "storage")) ?? versions[0]).Text("name");
        return
        [
            .. versions.Where(IsServed).Select(version => new ServedKind(
                group,
                version.Text("name"),
                plural,
                singular,
                kind,
                Names(names, "shortNames"),
                spec.Text("scope") == "Namespaced",
                version.At("subresources", "status") is not null,
                version.At("schema", "openAPIV3Schema")?.DeepClone() as JsonObject)
            {
                StoredVersion = stored,
                Categories = Names(names, "categories"),
                IsCustom = true,
                Columns = [.. (version["additionalPrinterColumns"] as JsonArray ?? []).OfType<JsonObject>()
                    .Select(Column).Where(column => column.Path != AgePath)],
            }),
        ];

        void Require(bool holds, string field, string message)
        {
            if (!holds)
            {
                causes.Add((field, message));
            }
        }
    }

    /// <summary>Writes into a definition's status that its kind is served, for clients that wait for it.</summary>
    public static void Accept(JsonObject definition)
    {
        IReadOnlyList<ServedKind> kinds = Read(definition);
        JsonObject status = definition.Section("status");
        status["acceptedNames"] = definition.Section("spec").Section("names").DeepClone();
        status["storedVersions"] = new JsonArray(kinds.Count > 0 ? kinds[0].StoredVersion : string.Empty);
        status["conditions"] = new JsonArray(Condition("NamesAccepted", "NoConflicts"), Condition("Established", "InitialNamesAccepted"));
    }

    private static JsonObject Condition(string type, string reason) => new() { ["type"] = type, ["status"] = "True", ["reason"] = reason, ["message"] = "" };

    private static ImmutableArray<string> Names(JsonObject names, string field) =>
        [.. (names[field] as JsonArray ?? []).OfType<JsonValue>().Select(name => name.ToString())];

    private static bool Is(JsonObject version, string name) => version[name]?.GetValueKind() == System.Text.Json.JsonValueKind.True;

    private static bool IsServed(JsonObject version) => version["served"] is not JsonValue served || !served.TryGetValue(out bool isServed) || isServed;

    private static PrinterColumn Column(JsonObject column) =>
        new(column.Text("name"), column.Text("type"), column.Text("jsonPath"), (int)column.Number("priority"));
}
