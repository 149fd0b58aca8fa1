using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>Objects as <c>kubectl get</c> prints them: <c>kind: Table</c>.</summary>
internal static class TableDocument
{
    public static bool IsWanted(HttpRequest request) => request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal);

    public static JsonObject Of(ServedKind kind, IEnumerable<StoredObject> objects, long version, DateTimeOffset now)
    {
        JsonArray columns = [Column("Name", "string", 0)];
        foreach (PrinterColumn column in kind.Columns)
        {
            columns.Add(Column(column.Name, column.Type, column.Priority));
        }

        columns.Add(Column("Age", "string", 0));
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["columnDefinitions"] = columns,
            ["rows"] = new JsonArray([.. objects.Select(value => Row(kind, value.Read(), now))]),
        };
    }

    private static JsonObject Row(ServedKind kind, JsonObject value, DateTimeOffset now)
    {
        JsonArray cells = [value.Metadata().Text("name")];
        foreach (PrinterColumn column in kind.Columns)
        {
            cells.Add(ColumnPath.Find(value, column.Path)?.DeepClone());
        }

        cells.Add(Age(value, now));
        return new JsonObject
        {
            ["cells"] = cells,
            ["object"] = new JsonObject
            {
                ["kind"] = "PartialObjectMetadata",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = value.Metadata().DeepClone(),
            },
        };
    }

    private static JsonObject Column(string name, string type, int priority) => new()
    {
        ["name"] = name,
        ["type"] = type is "date" ? "string" : type,
        ["format"] = name == "Name" ? "name" : string.Empty,
        ["description"] = name,
        ["priority"] = priority,
    };

    private static string Age(JsonObject value, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(value.Metadata().Text("creationTimestamp"), CultureInfo.InvariantCulture, out DateTimeOffset made))
        {
            return "<unknown>";
        }

        TimeSpan age = now - made;
        return age switch
        {
            { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s"),
            { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d"),
        };
    }
}
