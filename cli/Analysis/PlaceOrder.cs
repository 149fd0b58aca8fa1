using System.Globalization;

namespace Ambient.Cli.Analysis;

/// <summary>FILE:LINE by file, then by line as a number.</summary>
internal sealed class PlaceOrder : IComparer<string>
{
    public static readonly PlaceOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        (string file, int line) = Split(x ?? "");
        (string otherFile, int otherLine) = Split(y ?? "");
        int order = string.CompareOrdinal(file, otherFile);
        return order != 0 ? order : line.CompareTo(otherLine);
    }

    private static (string File, int Line) Split(string place)
    {
        int colon = place.LastIndexOf(':');
        return colon >= 0 && int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            ? (place[..colon], line)
            : (place, 0);
    }
}
