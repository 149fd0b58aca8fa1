using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Json;

/// <summary>Maps of strings of which many objects hold the same: the labels of the pods of one deployment.</summary>
/// <param name="keeps">Which keys are kept.</param>
internal sealed class SharedMapConverter(SharedStrings strings, Predicate<string> keeps) : JsonConverter<ImmutableDictionary<string, string>>
{
    private const int SlotCount = 1 << 15;

    private readonly ImmutableDictionary<string, string>?[] _slots = new ImmutableDictionary<string, string>?[SlotCount];

    public override ImmutableDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("expected an object");
        }

        List<KeyValuePair<string, string>> entries = [];
        int hash = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = strings.Share(ref reader);
            reader.Read();
            string value = reader.TokenType switch
            {
                JsonTokenType.String => strings.Share(ref reader),
                JsonTokenType.Null => "",
                _ => throw new JsonException("expected a string"),
            };
            if (keeps(key))
            {
                hash += HashCode.Combine(key, value);
                entries.Add(new(key, value));
            }
        }

        return Share(entries, hash);
    }

    public override void Write(Utf8JsonWriter writer, ImmutableDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string key, string text) in value)
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }

    private ImmutableDictionary<string, string> Share(List<KeyValuePair<string, string>> entries, int hash)
    {
        if (entries.Count == 0)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        ref ImmutableDictionary<string, string>? slot = ref _slots[hash & (SlotCount - 1)];
        ImmutableDictionary<string, string>? held = slot;
        if (held is not null && held.Count == entries.Count && entries.TrueForAll(held.Contains))
        {
            return held;
        }

        ImmutableDictionary<string, string>.Builder map = ImmutableDictionary.CreateBuilder<string, string>();
        foreach ((string key, string value) in entries)
        {
            // Of a key that occurs twice the last value counts, as everywhere in JSON.
            map[key] = value;
        }

        return slot = map.ToImmutable();
    }
}
