using System.Text.Json;

namespace Ambient.Kube.Json;

/// <summary>
/// Gives one string for equal texts, for as long as its slot is not wanted by another. Its size is fixed, and it takes no lock: two threads
/// that meet at a slot at worst keep a string twice.
/// </summary>
internal sealed class SharedStrings
{
    private const int SlotCount = 1 << 16;

    /// <summary>Longer texts are messages and documents, which do not recur.</summary>
    private const int MaxLength = 253;

    private readonly string?[] _slots = new string?[SlotCount];

    public string Share(ref Utf8JsonReader reader)
    {
        int length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        if (length > MaxLength)
        {
            return reader.GetString()!;
        }

        Span<char> text = stackalloc char[MaxLength];
        return Share(text[..reader.CopyString(text)]);
    }

    public string Share(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return "";
        }

        ref string? slot = ref _slots[string.GetHashCode(text) & (SlotCount - 1)];
        string? held = slot;
        return held is not null && text.SequenceEqual(held) ? held : slot = text.ToString();
    }
}
