namespace Ambient.Lab.Specs;

/// <summary>Names of labs, nodes and pods. None holds a dot, so that joined with dots they can be told apart again.</summary>
public static class LabName
{
    public const string Default = "demo";

    /// <summary>Null when the name may be used, else the reason. Lower-case letters, digits and inner hyphens.</summary>
    public static string? FindFault(string kind, string name, int maxLength)
    {
        bool isGood = name.Length > 0 && name.Length <= maxLength && name[0] != '-' && name[^1] != '-'
            && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
        return isGood ? null : $"the {kind} name '{name}' must be 1 to {maxLength} lower-case letters, digits and inner hyphens";
    }
}
