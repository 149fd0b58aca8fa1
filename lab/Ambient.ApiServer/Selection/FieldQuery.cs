using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Selection;

/// <summary>A field selector: <c>metadata.name=a,spec.nodeName!=b</c>.</summary>
public sealed class FieldQuery
{
    private const int MaxRequirements = 20;

    private static readonly string[] Known =
        ["metadata.name", "metadata.namespace", "spec.nodeName", "spec.serviceAccountName", "status.phase", "type", "involvedObject.name", "involvedObject.uid"];

    private readonly List<(string[] Path, string Value, bool IsNegated)> _requirements = [];

    private FieldQuery()
    {
    }

    /// <exception cref="ApiException">400: it cannot be read, or names a field that nobody may select by.</exception>
    public static FieldQuery Parse(string text)
    {
        FieldQuery query = new();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isNegated = part.Contains("!=", StringComparison.Ordinal);
            string[] sides = isNegated ? part.Split("!=", 2) : part.Split('=', 2);
            if (sides.Length != 2 || !Known.Contains(sides[0], StringComparer.Ordinal) || query._requirements.Count == MaxRequirements)
            {
                throw ApiException.BadRequest($"the field selector '{part}' is not supported; use one of {string.Join(", ", Known)}");
            }

            query._requirements.Add((sides[0].Split('.'), sides[1].TrimStart('='), isNegated));
        }

        return query;
    }

    public bool Matches(JsonObject value) => _requirements.TrueForAll(requirement =>
        ((value.At(requirement.Path) as JsonValue)?.ToString() ?? string.Empty) == requirement.Value != requirement.IsNegated);
}
