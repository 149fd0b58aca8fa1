using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>
/// Reads one page of a list from its stream, object by object: in memory are the object at hand and what came with it in one read, never
/// the list.
/// </summary>
/// <param name="json">How an object is read.</param>
/// <param name="maxObjectBytes">The most bytes of one object.</param>
/// <param name="each">Takes each object.</param>
internal sealed class ListReader<T>(JsonTypeInfo<T> json, int maxObjectBytes, Action<T> each)
    where T : class, IKubernetesObject
{
    private const int FirstBufferBytes = 32 * 1024;

    private JsonReaderState _state = new(ObjectReading.ReaderOptions);
    private Place _place = Place.Start;

    private enum Place
    {
        Start,
        List,
        Items,
        End,
    }

    public ListMeta Metadata { get; private set; } = new();

    /// <exception cref="JsonException">It is not a list, or it was cut.</exception>
    /// <exception cref="KubernetesException">An object is too long.</exception>
    public async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            int filled = 0;
            int tryAt = 0;
            while (true)
            {
                if (filled == buffer.Length)
                {
                    buffer = Grow(buffer, filled);
                }

                int count = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
                filled += count;
                if (count > 0 && filled < tryAt)
                {
                    continue;
                }

                int used = Consume(buffer.AsSpan(0, filled), isFinal: count == 0);
                if (count == 0)
                {
                    break;
                }

                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;

                // An object that is not whole is looked at again when twice as much is there: a long one costs no more than its length.
                tryAt = used == 0 ? Math.Min(filled * 2, buffer.Length) : 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_place != Place.End)
        {
            throw new JsonException("The list was cut.");
        }
    }

    private byte[] Grow(byte[] buffer, int filled)
    {
        if (filled > maxObjectBytes)
        {
            throw ObjectReading.TooLong(maxObjectBytes);
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private int Consume(ReadOnlySpan<byte> data, bool isFinal)
    {
        var reader = new Utf8JsonReader(data, isFinal, _state);
        int used = 0;
        while (Step(ref reader))
        {
            _state = reader.CurrentState;
            used = (int)reader.BytesConsumed;
        }

        return used;
    }

    /// <summary>One token, field or object. False: it is not whole yet, and what was read of it does not count.</summary>
    private bool Step(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                Expect(reader.TokenType == JsonTokenType.StartObject);
                _place = Place.List;
                return true;
            case Place.List when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.End;
                return true;
            case Place.List:
                return ReadField(ref reader);
            case Place.Items when reader.TokenType == JsonTokenType.EndArray:
                _place = Place.List;
                return true;
            case Place.Items:
                return ReadItem(ref reader);
            default:
                throw new JsonException("The answer goes on after the list.");
        }
    }

    private bool ReadField(ref Utf8JsonReader reader)
    {
        bool isItems = reader.ValueTextEquals("items"u8);
        bool isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        if (isItems && reader.TokenType != JsonTokenType.Null)
        {
            Expect(reader.TokenType == JsonTokenType.StartArray);
            _place = Place.Items;
            return true;
        }

        Utf8JsonReader value = reader;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (isMetadata)
        {
            Metadata = JsonSerializer.Deserialize(ref value, ClientJson.Default.ListMeta) ?? Metadata;
        }

        return true;
    }

    private bool ReadItem(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject);
        Utf8JsonReader value = reader;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (reader.BytesConsumed - value.TokenStartIndex > maxObjectBytes)
        {
            throw ObjectReading.TooLong(maxObjectBytes);
        }

        each(JsonSerializer.Deserialize(ref value, json)!);
        return true;
    }

    private static void Expect(bool isList)
    {
        if (!isList)
        {
            throw new JsonException("The answer is not a list of objects.");
        }
    }
}
