using Ambient.Cli.Text;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;

namespace Ambient.Cli.Analysis;

/// <summary>
/// Translates objects as the control plane would, and gives what it would not honour. What is not in the files does not exist for it.
/// </summary>
internal static class ManifestAnalysis
{
    private static readonly string[] LooksElsewhere = [Reasons.TargetNotFound, Reasons.WaypointIsNotReady];

    public static IReadOnlyList<Remark> Run(ManifestReader manifests)
    {
        Dictionary<ObjectKey, string> places = [];
        List<ObjectChange> batch = [];
        List<Remark> remarks = [.. manifests.Remarks];
        foreach (ManifestObject manifest in manifests.Objects)
        {
            ObjectChange change = ObjectChange.Upsert(manifest.Object);
            if (places.TryGetValue(change.Key, out string? before))
            {
                remarks.Add(new Remark(true, "Duplicate", change.Key.ToString(), manifest.Place, $"it is in {before} too, and the one that is applied last counts; remove one of them"));
            }

            places[change.Key] = manifest.Place;
            batch.Add(change);
        }

        MeshTranslator translator = new(new TranslationOptions());
        translator.Apply(batch);
        remarks.AddRange(translator.Findings.Select(finding => new Remark(
            FindingLevels.Of(finding) == FindingLevel.Error,
            finding.Code,
            finding.Object.ToString(),
            places.GetValueOrDefault(finding.Object, ""),
            LooksElsewhere.Contains(finding.Code) ? $"{finding.Message} (only the objects of the files are looked at)" : finding.Message)));
        return [.. remarks.OrderBy(remark => remark.Place, PlaceOrder.Instance).ThenBy(remark => remark.Object, StringComparer.Ordinal).ThenByDescending(remark => remark.IsError)];
    }
}
