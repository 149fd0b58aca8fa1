namespace Ambient.Redirection.Nftables;

/// <summary>Names of network interfaces, as they may stand in rule text.</summary>
internal static class InterfaceName
{
    /// <summary>IFNAMSIZ less the terminating zero.</summary>
    private const int MaxLength = 15;

    /// <summary>Null when the name is safe in rule text, else the reason. Wildcards, quotes and blanks are refused.</summary>
    public static string? FindFault(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return $"interface name '{name}' must have 1 to {MaxLength} characters";
        }

        return name.All(IsAllowed) ? null : $"interface name '{name}' has a character other than letters, digits and . _ - : @ +";
    }

    /// <summary>Items of the annotation, separated by commas; blanks around them and empty items do not count (node-proxy 7.5).</summary>
    public static IReadOnlyList<string> Split(string annotation) =>
        annotation.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsAllowed(char character) => char.IsAsciiLetterOrDigit(character) || ".:_-@+".Contains(character);
}
