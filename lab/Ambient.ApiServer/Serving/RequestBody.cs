using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>Reads what a client sends: JSON, or YAML where that is said.</summary>
internal static class RequestBody
{
    public const string JsonPatch = "application/json-patch+json";
    public const string MergePatch = "application/merge-patch+json";
    public const string StrategicPatch = "application/strategic-merge-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";

    /// <summary>As large as etcd takes, and some room for what the server adds.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    public static readonly string[] Patches = [JsonPatch, MergePatch, StrategicPatch, ApplyPatch];

    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 128 };

    /// <exception cref="ApiException">400: it is no object; 413: it is too large; 415: it is in another format.</exception>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext context) =>
        await ReadAsync(context) as JsonObject ?? throw ApiException.BadRequest("the body of the request is not an object");

    /// <returns>Null for an empty body.</returns>
    /// <exception cref="ApiException">400: it cannot be read; 413: it is too large; 415: it is in another format.</exception>
    public static async Task<JsonNode?> ReadAsync(HttpContext context)
    {
        byte[] bytes = await ReadBytesAsync(context);
        if (bytes.Length == 0)
        {
            return null;
        }

        string format = context.Request.ContentType ?? "application/json";
        if (format.Contains("protobuf", StringComparison.Ordinal))
        {
            throw ApiException.Unsupported("the body of the request is protobuf; this server takes JSON and YAML");
        }

        try
        {
            // JSON is YAML, but its reader is the stricter one.
            return format.Contains("yaml", StringComparison.Ordinal) && bytes[0] != '{'
                ? Manifests.YamlJson.Read(Encoding.UTF8.GetString(bytes)).SingleOrDefault()?.Value
                : JsonNode.Parse(bytes, documentOptions: Limits);
        }
        catch (Exception error) when (error is JsonException or Manifests.YamlFormatException or InvalidOperationException or ArgumentException)
        {
            throw ApiException.BadRequest($"the body of the request cannot be read: {error.Message}");
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpContext context)
    {
        using MemoryStream bytes = new();
        byte[] part = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(part, context.RequestAborted)) > 0;)
        {
            bytes.Write(part.AsSpan(0, read));
            if (bytes.Length > MaxBytes)
            {
                throw new ApiException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {MaxBytes}");
            }
        }

        return bytes.ToArray();
    }
}
