using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ambient.Kube.Client;

/// <summary>The bounds of what is read from the API server.</summary>
internal static class ObjectReading
{
    /// <summary>How deep an answer may nest. The schemas in definitions of resources are the deepest objects there are.</summary>
    public const int MaxDepth = 128;

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>An answer that is one object.</summary>
    /// <exception cref="KubernetesException">It is longer than allowed.</exception>
    /// <exception cref="JsonException">It is not the object.</exception>
    public static async Task<TValue> ReadAsync<TValue>(Stream stream, JsonTypeInfo<TValue> json, int maxBytes, CancellationToken cancellation)
        where TValue : class
    {
        byte[] bytes = await ReadBytesAsync(stream, maxBytes, cancellation);
        return Parse(bytes, json);
    }

    public static TValue Parse<TValue>(ReadOnlySpan<byte> bytes, JsonTypeInfo<TValue> json)
        where TValue : class
    {
        var reader = new Utf8JsonReader(bytes, ReaderOptions);
        TValue value = JsonSerializer.Deserialize(ref reader, json) ?? throw new JsonException("The answer is null.");
        return reader.Read() ? throw new JsonException("The answer goes on after its object.") : value;
    }

    public static async Task<byte[]> ReadBytesAsync(Stream stream, int maxBytes, CancellationToken cancellation)
    {
        using var kept = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is int count and > 0)
        {
            kept.Write(buffer, 0, count);
            if (kept.Length > maxBytes)
            {
                throw TooLong(maxBytes);
            }
        }

        return kept.ToArray();
    }

    public static KubernetesException TooLong(int maxBytes) =>
        new(KubernetesFailure.InvalidAnswer, $"An object of the answer is longer than {maxBytes} bytes, the most that is read.");
}
