namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>A part of an object that the mesh does not honour, from the same source as statuses and events.</summary>
/// <param name="Object">Which object.</param>
/// <param name="Code">One word of <see cref="Reasons"/>.</param>
/// <param name="Message">What is not honoured, and what to do.</param>
/// <param name="Condition">The condition that says so; null where an event does.</param>
public sealed record Finding(ObjectKey Object, string Code, string Message, string? Condition);
