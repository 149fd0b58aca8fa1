namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>All there is to say of one object, collected while it is translated.</summary>
internal sealed class ObjectReport(ObjectKey key, long generation = 0)
{
    public ObjectKey Key { get; } = key;

    public List<ReportedCondition> Conditions { get; } = [];

    public List<ObjectEvent> Events { get; } = [];

    /// <summary>Conditions of ours that the object already carries, maybe from an earlier process: those that are not said again go.</summary>
    public List<string> Carried { get; } = [];

    public void Say(string type, bool status, string reason, string message, bool problem) =>
        Conditions.Add(new ReportedCondition(type, status, reason, Quoted.Clean(message), problem, generation));

    public void Note(string reason, string message)
    {
        ObjectEvent note = new(Key, reason, Quoted.Clean(message));
        if (!Events.Contains(note))
        {
            Events.Add(note);
        }
    }
}
