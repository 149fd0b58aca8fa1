using System.Collections.Immutable;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Translation.Selection;

/// <summary>Selectors with expressions, as Kubernetes evaluates them. An operator that is not known selects nothing.</summary>
internal static class LabelSelection
{
    public static bool Matches(LabelSelector selector, ImmutableDictionary<string, string> labels)
    {
        foreach ((string key, string value) in selector.MatchLabels)
        {
            if (!labels.TryGetValue(key, out string? held) || held != value)
            {
                return false;
            }
        }

        return selector.MatchExpressions.All(requirement => Holds(requirement, labels));
    }

    private static bool Holds(LabelRequirement requirement, ImmutableDictionary<string, string> labels)
    {
        string? held = labels.GetValueOrDefault(requirement.Key);
        return requirement.Operator switch
        {
            "In" => held is not null && requirement.Values.Contains(held),
            "NotIn" => held is null || !requirement.Values.Contains(held),
            "Exists" => held is not null,
            "DoesNotExist" => held is null,
            _ => false,
        };
    }
}
