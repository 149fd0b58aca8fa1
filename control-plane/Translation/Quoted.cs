namespace Ambient.ControlPlane.Translation;

/// <summary>Text of an object for a message: short, and without anything that would upset a terminal.</summary>
internal static class Quoted
{
    private const int MaxLength = 64;

    public static string Text(string value)
    {
        string shown = value.Length <= MaxLength ? value : string.Concat(value.AsSpan(0, MaxLength), "…");
        return $"\"{Clean(shown)}\"";
    }

    /// <summary>A whole message without control characters, which names and labels of an object can bring into it.</summary>
    public static string Clean(string message) =>
        message.Any(IsUnclean) ? string.Concat(message.Select(character => IsUnclean(character) ? '?' : character)) : message;

    private static bool IsUnclean(char character) => char.IsControl(character) || char.IsSurrogate(character);
}
