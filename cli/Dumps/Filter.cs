using System.IO.Enumeration;

namespace Ambient.Cli.Dumps;

/// <summary>What of a section is listed. Null takes everything.</summary>
internal sealed record Filter
{
    public string? Namespace { get; init; }

    public string? Node { get; init; }

    /// <summary>NAME or NAMESPACE/NAME; * and ? stand for any letters and one letter.</summary>
    public string? Name { get; init; }

    public string? Address { get; init; }

    public string? Direction { get; init; }

    public bool TakesNamespace(string home) => Namespace is null || Namespace == home;

    public bool TakesNode(string node) => Node is null || Node == node;

    public bool TakesName(string home, string name)
    {
        if (Name is not { } wanted)
        {
            return true;
        }

        return wanted.Contains('/') ? Matches(wanted, $"{home}/{name}") || Matches(wanted, name) : Matches(wanted, name);
    }

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
