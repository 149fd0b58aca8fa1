using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>
/// The OpenAPI documents that kubectl asks for before it applies anything. Version 3 says that the server itself checks fields
/// (<c>fieldValidation</c>) and can try a change without making it (<c>dryRun</c>). Version 2, for old clients, describes no kind: what is
/// applied is checked here, by the schema of its definition, and not by the client.
/// </summary>
internal static class OpenApiDocument
{
    private const string ProtobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    // Document { swagger = 1: "2.0", info = 2: { title = 1, version = 2 }, paths = 8: {} }
    private static readonly byte[] Protobuf = [0x0a, 3, .. "2.0"u8, 0x12, 13, 0x0a, 7, .. "Ambient"u8, 0x12, 2, .. "v1"u8, 0x42, 0];

    private static readonly byte[] Json = """{"swagger":"2.0","info":{"title":"Ambient","version":"v1"},"paths":{}}"""u8.ToArray();

    private static readonly string[] PatchParameters = ["dryRun", "fieldManager", "fieldValidation", "force"];

    /// <summary>Version 2.</summary>
    public static Task SendAsync(HttpContext context)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("protobuf", StringComparison.Ordinal))
        {
            return Answer.SendAsync(context, 200, Json);
        }

        context.Response.ContentType = ProtobufType;
        return context.Response.Body.WriteAsync(Protobuf, context.RequestAborted).AsTask();
    }

    /// <summary>Version 3: where the document of each group and version is.</summary>
    public static JsonObject Index(IEnumerable<ServedKind> kinds)
    {
        JsonObject paths = [];
        foreach (string path in kinds.Select(GroupPath).Distinct(StringComparer.Ordinal))
        {
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>Version 3: the kinds of one group and version.</summary>
    public static JsonObject Of(IReadOnlyList<ServedKind> kinds)
    {
        JsonObject paths = [];
        JsonObject schemas = [];
        foreach (ServedKind kind in kinds)
        {
            string place = kind.Namespaced ? "namespaces/{namespace}/" : string.Empty;
            paths[$"/{GroupPath(kind)}/{place}{kind.Plural}/{{name}}"] = new JsonObject { ["patch"] = Patch(kind) };
            if (kind.Schema?.DeepClone() is JsonObject schema)
            {
                schema["x-kubernetes-group-version-kind"] = new JsonArray(Identity(kind));
                schemas[$"{kind.ApiVersion.Replace('/', '.')}.{kind.Kind}"] = schema;
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Ambient", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject Patch(ServedKind kind) => new()
    {
        ["parameters"] = new JsonArray([.. PatchParameters.Select(name => new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } })]),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = Identity(kind),
    };

    private static JsonObject Identity(ServedKind kind) => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };

    private static string GroupPath(ServedKind kind) => kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";
}
