namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>One condition of an object.</summary>
/// <param name="Type">One of <see cref="ConditionTypes"/>.</param>
/// <param name="Status">Whether it holds.</param>
/// <param name="Reason">One word of <see cref="Reasons"/>.</param>
/// <param name="Message">A sentence for a person: what is not honoured, and what to do.</param>
/// <param name="Problem">Whether somebody should look at it.</param>
/// <param name="ObservedGeneration">The generation of the object that it was said of.</param>
public sealed record ReportedCondition(string Type, bool Status, string Reason, string Message, bool Problem, long ObservedGeneration);
