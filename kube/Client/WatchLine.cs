using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>Reads one line of a watch.</summary>
internal static class WatchLine
{
    private static readonly string[] Types = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"];

    /// <exception cref="JsonException">It is not an event.</exception>
    /// <exception cref="KubernetesException">The server ends the watch, with its reason.</exception>
    public static WatchEvent<T> Parse<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> json)
        where T : class, IKubernetesObject
    {
        var reader = new Utf8JsonReader(line, ObjectReading.ReaderOptions);
        string? type = "";
        Range content = default;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8);
            bool isObject = reader.ValueTextEquals("object"u8);
            Expect(reader.Read());
            if (isType)
            {
                type = reader.TokenType == JsonTokenType.String ? KnownType(ref reader) : null;
            }

            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            content = isObject ? start..(int)reader.BytesConsumed : content;
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && !reader.Read());
        return ToEvent(type, line[content], json);
    }

    private static WatchEvent<T> ToEvent<T>(string? type, ReadOnlySpan<byte> content, JsonTypeInfo<T> json)
        where T : class, IKubernetesObject
    {
        switch (type)
        {
            case "ADDED":
                return Changed(WatchEventType.Added, content, json);
            case "MODIFIED":
                return Changed(WatchEventType.Modified, content, json);
            case "DELETED":
                return Changed(WatchEventType.Deleted, content, json);
            case "BOOKMARK":
                string version = ObjectReading.Parse(content, ClientJson.Default.UntypedObject).Metadata.ResourceVersion;
                return new WatchEvent<T>(WatchEventType.Bookmark, null, version);
            case "ERROR":
                throw Ended(ObjectReading.Parse(content, ClientJson.Default.ApiStatus));
            default:
                throw new JsonException("A watch event is neither ADDED, MODIFIED, DELETED, BOOKMARK nor ERROR.");
        }
    }

    private static WatchEvent<T> Changed<T>(WatchEventType type, ReadOnlySpan<byte> content, JsonTypeInfo<T> json)
        where T : class, IKubernetesObject
    {
        T value = ObjectReading.Parse(content, json);
        return new WatchEvent<T>(type, value, value.Metadata.ResourceVersion);
    }

    private static KubernetesException Ended(ApiStatus status) => new(
        (HttpStatusCode)status.Code,
        status,
        $"The API server ended the watch: {status.Code} {status.Reason}: {status.Message}",
        status.Details is { RetryAfterSeconds: > 0 } details ? TimeSpan.FromSeconds(details.RetryAfterSeconds) : null);

    /// <summary>Compared as bytes: text that is not UTF-8 cannot be had as a string.</summary>
    private static string? KnownType(ref Utf8JsonReader reader)
    {
        foreach (string known in Types)
        {
            if (reader.ValueTextEquals(known))
            {
                return known;
            }
        }

        return null;
    }

    private static void Expect(bool isEvent)
    {
        if (!isEvent)
        {
            throw new JsonException("A line of the watch is not an event.");
        }
    }
}
