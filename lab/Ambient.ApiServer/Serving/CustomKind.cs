using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Serving;

/// <summary>Reads a CustomResourceDefinition.</summary>
internal static class CustomKind
{
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
        Require(spec["versions"] is JsonArray { Count: > 0 }, "spec.versions", "at least one is required");
        if (causes.Count > 0)
        {
            throw ApiException.Invalid($"CustomResourceDefinition {definition.Metadata().Text("name")}", causes);
        }

        string singular = names.Text("singular") is { Length: > 0 } said ? said : kind.ToLowerInvariant();
        string[] shortNames = [.. (names["shortNames"] as JsonArray ?? []).OfType<JsonValue>().Select(name => name.ToString())];
        return
        [
            .. ((JsonArray)spec["versions"]!).OfType<JsonObject>().Where(IsServed).Select(version => new ServedKind(
                group,
                version.Text("name"),
                plural,
                singular,
                kind,
                [.. shortNames],
                spec.Text("scope") == "Namespaced",
                version.At("subresources", "status") is not null,
                version.At("schema", "openAPIV3Schema") as JsonObject)
            {
                IsCustom = true,
                Columns = [.. (version["additionalPrinterColumns"] as JsonArray ?? []).OfType<JsonObject>().Select(Column)],
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

    private static bool IsServed(JsonObject version) => version["served"] is not JsonValue served || !served.TryGetValue(out bool isServed) || isServed;

    private static PrinterColumn Column(JsonObject column) =>
        new(column.Text("name"), column.Text("type"), column.Text("jsonPath"), (int)column.Number("priority"));
}
