using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Selection;

/// <summary>A label selector as it stands in a URL: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
public sealed partial class LabelQuery
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
        Match read = Pattern().Match(text);
        if (!read.Success)
        {
            throw ApiException.BadRequest($"the label selector '{text}' cannot be read; write key=value, key!=value, key in (a,b), key notin (a,b), key or !key");
        }

        string key = read.Groups["key"].Value;
        string[] values = [.. read.Groups["value"].Captures.Select(value => value.Value)];
        return read.Groups["operator"].Value switch
        {
            "" => new Requirement(key, [], IsNegated: read.Groups["not"].Success, MustExist: true),
            string said => new Requirement(key, values, IsNegated: said is "!=" or "notin", MustExist: false),
        };
    }

    [GeneratedRegex(
        """^(?:(?<not>!)\s*(?<key>[\w./-]+)|(?<key>[\w./-]+)(?:\s*(?<operator>!=|==|=)\s*(?<value>[\w.-]*)|\s+(?<operator>in|notin)\s*\(\s*(?<value>[\w.-]*)(?:\s*,\s*(?<value>[\w.-]*))*\s*\))?)$""")]
    private static partial Regex Pattern();

    private sealed record Requirement(string Key, string[] Values, bool IsNegated, bool MustExist)
    {
        public bool Holds(string? value)
        {
            bool matches = MustExist ? value is not null : value is not null && Values.Contains(value, StringComparer.Ordinal);
            return matches != IsNegated;
        }
    }
}
