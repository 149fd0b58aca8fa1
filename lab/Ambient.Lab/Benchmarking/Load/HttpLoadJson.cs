using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ambient.Lab.Benchmarking.Load;

/// <summary>Source-generated JSON of a probe's answer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(HttpLoadResult))]
public sealed partial class HttpLoadJson : JsonSerializerContext
{
    public static string Write(HttpLoadResult result) => JsonSerializer.Serialize(result, Default.HttpLoadResult);

    /// <summary>Null when the text is something else.</summary>
    public static HttpLoadResult? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Default.HttpLoadResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
