namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>Something about an object that no condition of its kind can say.</summary>
/// <param name="Object">Which object.</param>
/// <param name="Reason">One word of <see cref="Reasons"/>.</param>
/// <param name="Message">A sentence for a person.</param>
public sealed record ObjectEvent(ObjectKey Object, string Reason, string Message);
