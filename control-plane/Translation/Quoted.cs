namespace Ambient.ControlPlane.Translation;

/// <summary>Text of an object for a message: short, and without anything that would upset a terminal.</summary>
internal static class Quoted
{
    private const int MaxLength = 64;

    public static string Text(string value)
    {
        string shown = value.Length <= MaxLength ? value : string.Concat(value.AsSpan(0, MaxLength), "…");
        return $"\"{string.Concat(shown.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character))}\"";
    }
}
