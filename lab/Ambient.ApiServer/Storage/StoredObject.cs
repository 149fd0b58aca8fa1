using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ambient.ApiServer.Storage;

/// <summary>One version of an object. Kept as text: most objects are read far less often than they are held.</summary>
public sealed class StoredObject
{
    private WeakReference<JsonObject>? _shared;

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
        metadata["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(metadata.Text("namespace"), metadata.Text("name"), version, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Default.JsonObject));
    }

    /// <summary>A place in the order of namespaces and names, to search from.</summary>
    public static StoredObject Place(string @namespace, string name) => new(@namespace, name, 0, []);

    /// <summary>A copy to be read or changed.</summary>
    public JsonObject Read() => (JsonObject)JsonNode.Parse(Json)!;

    /// <summary>The object as all its readers share it: it must not be changed. It lasts as long as somebody looks at it.</summary>
    public JsonObject Look()
    {
        if (_shared is { } shared && shared.TryGetTarget(out JsonObject? read))
        {
            return read;
        }

        read = Read();
        _shared = new WeakReference<JsonObject>(read);
        return read;
    }

    /// <summary>The same content at another version: what a watch tells of an object that is gone.</summary>
    public StoredObject At(long version) => Of(Read(), version);

    /// <summary>The object as clients of a kind's version read it.</summary>
    public byte[] JsonAs(ServedKind kind) =>
        kind.IsStoredVersion ? Json : JsonSerializer.SerializeToUtf8Bytes(ReadAs(kind), ApiJson.Default.JsonObject);

    /// <summary>A copy as clients of a kind's version read it.</summary>
    public JsonObject ReadAs(ServedKind kind)
    {
        JsonObject value = Read();
        value["apiVersion"] = kind.ApiVersion;
        return value;
    }
}
