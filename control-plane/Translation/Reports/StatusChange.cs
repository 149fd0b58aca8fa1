namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>A condition to be written to the status of an object, or to be removed from it.</summary>
/// <param name="Object">Whose status.</param>
/// <param name="Type">The condition (control-plane-and-cni 5.12).</param>
/// <param name="Condition">What holds now; null when the condition has nothing to say any more.</param>
public sealed record StatusChange(ObjectKey Object, string Type, ReportedCondition? Condition);
