namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>What was last said of every object: only what differs is said again.</summary>
internal sealed class ReportBook
{
    private readonly Dictionary<ObjectKey, ObjectReport> _held = [];
    private readonly Dictionary<ObjectKey, ObjectReport> _pending = [];

    public IEnumerable<Finding> Findings => _held.Values.OrderBy(report => report.Key).SelectMany(FindingsOf);

    /// <summary>Says what holds of an object now; an empty report takes back all that was said.</summary>
    public void Set(ObjectReport report) => _pending[report.Key] = report;

    /// <summary>There is nothing to say of an object.</summary>
    public void Clear(ObjectKey key)
    {
        _pending.Remove(key);
        if (_held.ContainsKey(key))
        {
            _pending.Add(key, new ObjectReport(key));
        }
    }

    /// <summary>The object is gone, and with it whoever could be told.</summary>
    public void Forget(ObjectKey key)
    {
        _held.Remove(key);
        _pending.Remove(key);
    }

    public (List<StatusChange> Statuses, List<ObjectEvent> Events) Settle()
    {
        List<StatusChange> statuses = [];
        List<ObjectEvent> events = [];
        foreach (ObjectReport report in _pending.Values)
        {
            _held.TryGetValue(report.Key, out ObjectReport? before);
            Compare(before?.Conditions ?? [], report, statuses);
            events.AddRange(report.Events.Where(note => before is null || !before.Events.Contains(note)));
            if (report.Conditions.Count + report.Events.Count == 0)
            {
                _held.Remove(report.Key);
            }
            else
            {
                _held[report.Key] = report;
            }
        }

        _pending.Clear();
        return (statuses, events);
    }

    private static void Compare(List<ReportedCondition> before, ObjectReport now, List<StatusChange> changes)
    {
        changes.AddRange(now.Conditions.Except(before).Select(condition => new StatusChange(now.Key, condition.Type, condition)));
        changes.AddRange(before.Select(old => old.Type).Union(now.Carried)
            .Where(type => now.Conditions.TrueForAll(condition => condition.Type != type))
            .Select(type => new StatusChange(now.Key, type, null)));
    }

    private static IEnumerable<Finding> FindingsOf(ObjectReport report) =>
        report.Conditions.Where(condition => condition.Problem)
            .Select(condition => new Finding(report.Key, condition.Reason, condition.Message, condition.Type))
            .Concat(report.Events.Select(note => new Finding(report.Key, note.Reason, note.Message, null)));
}
