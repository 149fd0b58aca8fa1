using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Storage;

/// <summary>One version of an object. Kept as text: most objects are read far less often than they are held.</summary>
public sealed class StoredObject
{
    private StoredObject(string @namespace, string name, long version, byte[] json)
    {
        Namespace = @namespace;
        Name = name;
        Version = version;
        Json = json;
    }

    /// <summary>"" for an object without a namespace.</summary>
    public string Namespace { get; }

    public string Name { get; }

    /// <summary>Its resource version.</summary>
    public long Version { get; }

    /// <summary>The whole object, UTF-8.</summary>
    public byte[] Json { get; }

    public static StoredObject Of(JsonObject value, long version)
    {
        JsonObject metadata = value.Metadata();
        metadata["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new StoredObject(metadata.Text("namespace"), metadata.Text("name"), version, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Default.JsonObject));
    }

    /// <summary>A copy to be read or changed.</summary>
    public JsonObject Read() => (JsonObject)JsonNode.Parse(Json)!;
}
