using System.Globalization;

namespace Ambient.Lab.Upgrades;

/// <summary>What became of the connections that were open while one node's ztunnel was replaced, and of those made meanwhile.</summary>
/// <param name="Node">Whose ztunnel it was.</param>
/// <param name="Long">Connections with steady traffic that were open before and ended within the drain time.</param>
/// <param name="LongKept">Those whose every byte came back, and which ended in order.</param>
/// <param name="LongBytes">Bytes that came back on them.</param>
/// <param name="DownloadBytes">Of one file fetched from before the drain until within it.</param>
/// <param name="DownloadError">Empty when it came whole.</param>
/// <param name="Short">Connections made one after the other all the time.</param>
/// <param name="ShortAnswered">Those that were answered.</param>
/// <param name="ShortError">Of the first that was not.</param>
/// <param name="Overlong">Connections that did not end within the drain time.</param>
/// <param name="OverlongCut">Those that were cut.</param>
/// <param name="OverlongNamed">Lines of the log that name the drain as the cause.</param>
/// <param name="CutAfter">From the request to end until the first was cut.</param>
public sealed record UpgradeResult(
    string Node,
    int Long,
    int LongKept,
    long LongBytes,
    long DownloadBytes,
    string DownloadError,
    long Short,
    long ShortAnswered,
    string ShortError,
    int Overlong,
    int OverlongCut,
    int OverlongNamed,
    TimeSpan CutAfter)
{
    /// <summary>No connection that ended within the drain time, and no new one, lost a byte.</summary>
    public bool IsLossless => LongKept == Long && DownloadError.Length == 0 && ShortAnswered == Short;

    /// <summary>Every connection that outlived the drain was cut, and the log says why.</summary>
    public bool IsCutNamed => OverlongCut == Overlong && OverlongNamed == Overlong;

    /// <summary>What ended within the drain time, in a line.</summary>
    public string Kept => string.Create(
        CultureInfo.InvariantCulture,
        $"long ones kept: {LongKept} of {Long}, {LongBytes / 1e6:0.0} MB echoed unchanged; a download of {DownloadBytes / 1e6:0} MB across it: {(DownloadError.Length == 0 ? "whole" : DownloadError)}; new ones answered: {ShortAnswered} of {Short}{(ShortError.Length == 0 ? "" : $" ({ShortError})")}");

    /// <summary>What did not, in a line.</summary>
    public string Cut => string.Create(
        CultureInfo.InvariantCulture,
        $"longer than the drain: {OverlongCut} of {Overlong} cut, {CutAfter.TotalSeconds:0.0} s after the request to end; {OverlongNamed} named so in the log");
}
