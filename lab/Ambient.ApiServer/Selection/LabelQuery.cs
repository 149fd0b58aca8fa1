using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Selection;

/// <summary>A label selector as it stands in a URL: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
public sealed class LabelQuery
{
    private const int MaxRequirements = 100;

    private readonly List<Requirement> _requirements = [];

    private LabelQuery()
    {
    }

    /// <exception cref="ApiException">400: it cannot be read.</exception>
    public static LabelQuery Parse(string text)
    {
        LabelQuery query = new();
        foreach (string part in Split(text))
        {
            query._requirements.Add(ParseOne(part.Trim()));
            if (query._requirements.Count > MaxRequirements)
            {
                throw ApiException.BadRequest($"a label selector has at most {MaxRequirements} requirements");
            }
        }

        return query;
    }

    public bool Matches(JsonObject value)
    {
        JsonObject? labels = value.At("metadata", "labels") as JsonObject;
        return _requirements.TrueForAll(requirement => requirement.Holds((labels?[requirement.Key] as JsonValue)?.ToString()));
    }

    private static IEnumerable<string> Split(string text)
    {
        int depth = 0;
        int start = 0;
        for (int index = 0; index <= text.Length; index++)
        {
            char at = index < text.Length ? text[index] : ',';
            depth += at == '(' ? 1 : at == ')' ? -1 : 0;
            if (at == ',' && (depth == 0 || index == text.Length))
            {
                if (index > start)
                {
                    yield return text[start..index];
                }

                start = index + 1;
            }
        }
    }

    private static Requirement ParseOne(string text)
    {
        if (text.Contains(" in (", StringComparison.Ordinal) || text.Contains(" notin (", StringComparison.Ordinal))
        {
            int cut = text.IndexOf(' ', StringComparison.Ordinal);
            int open = text.IndexOf('(', StringComparison.Ordinal);
            string[] values = [.. text[(open + 1)..].TrimEnd(')').Split(',').Select(value => value.Trim())];
            return new Requirement(text[..cut], values, IsNegated: text[cut..open].Trim() == "notin", MustExist: false);
        }

        if (text.Contains("!=", StringComparison.Ordinal))
        {
            string[] sides = text.Split("!=", 2);
            return new Requirement(sides[0].Trim(), [sides[1].Trim()], IsNegated: true, MustExist: false);
        }

        if (text.Contains('=', StringComparison.Ordinal))
        {
            string[] sides = text.Split('=', 2);
            return new Requirement(sides[0].Trim(), [sides[1].TrimStart('=').Trim()], IsNegated: false, MustExist: false);
        }

        string key = text.TrimStart('!');
        return key.Length > 0 && !key.Contains(' ', StringComparison.Ordinal)
            ? new Requirement(key, [], IsNegated: text[0] == '!', MustExist: true)
            : throw ApiException.BadRequest($"the label selector '{text}' cannot be read");
    }

    private sealed record Requirement(string Key, string[] Values, bool IsNegated, bool MustExist)
    {
        public bool Holds(string? value)
        {
            bool matches = MustExist ? value is not null : value is not null && Values.Contains(value, StringComparer.Ordinal);
            return matches != IsNegated;
        }
    }
}
