using Ambient.ControlPlane.Translation.Reports;

namespace Ambient.ControlPlane.Admin;

/// <summary>Tells findings that break what an object is there for from those that take a part of it away.</summary>
public static class FindingLevels
{
    public static FindingLevel Of(Finding finding) => finding.Code switch
    {
        Reasons.CanaryInvalidWeight or Reasons.CanarySameAsPrimary => FindingLevel.Warning,
        Reasons.InvalidValue or Reasons.NotHonoured or Reasons.Superseded => FindingLevel.Warning,
        Reasons.WaypointAccepted => FindingLevel.Warning,
        _ => FindingLevel.Error,
    };
}
