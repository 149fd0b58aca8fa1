using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Kube.Json;

/// <summary>Strings of which many objects hold the same: names of nodes, phases, labels.</summary>
internal sealed class SharedStringConverter(SharedStrings strings) : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? strings.Share(ref reader) : throw new JsonException("expected a string");

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        strings.Share(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}
