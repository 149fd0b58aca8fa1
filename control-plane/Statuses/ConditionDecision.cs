using System.Collections.Immutable;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Statuses;

/// <summary>What must be written so that an object carries what is to be said of it. Pure.</summary>
public static class ConditionDecision
{
    private const string True = "True";
    private const string False = "False";

    /// <param name="kind">The object's kind.</param>
    /// <param name="wanted">What is to be said.</param>
    /// <param name="carried">The conditions that the object has now.</param>
    /// <param name="now">The time of what changes.</param>
    /// <returns>One write for each manager whose conditions differ; none when the object carries all of it already.</returns>
    public static IReadOnlyList<ConditionWrite> Decide(
        ObjectKind kind, IReadOnlyCollection<ReportedCondition> wanted, IReadOnlyCollection<Condition> carried, DateTimeOffset now)
    {
        List<ConditionWrite> writes = [];
        foreach ((string manager, IReadOnlyList<string> types) in FieldManagers.Of(kind))
        {
            Condition[] before = [.. carried.Where(condition => types.Contains(condition.Type))];
            ImmutableArray<Condition> after =
            [
                .. wanted.Where(condition => types.Contains(condition.Type))
                    .OrderBy(condition => condition.Type, StringComparer.Ordinal)
                    .Select(condition => Build(condition, before, now)),
            ];
            if (before.Length != after.Length || !after.All(condition => before.Any(old => IsSame(old, condition))))
            {
                writes.Add(new ConditionWrite(manager, after));
            }
        }

        return writes;
    }

    private static Condition Build(ReportedCondition wanted, Condition[] before, DateTimeOffset now)
    {
        string status = wanted.Status ? True : False;
        Condition? old = Array.Find(before, condition => condition.Type == wanted.Type && condition.Status == status);
        return new Condition
        {
            Type = wanted.Type,
            Status = status,
            Reason = wanted.Reason,
            Message = wanted.Message,
            ObservedGeneration = wanted.ObservedGeneration,

            // Since when the status holds, not since when its words do.
            LastTransitionTime = old?.LastTransitionTime ?? now,
        };
    }

    private static bool IsSame(Condition left, Condition right) =>
        left.Type == right.Type
        && left.Status == right.Status
        && left.Reason == right.Reason
        && left.Message == right.Message
        && left.ObservedGeneration == right.ObservedGeneration;
}
