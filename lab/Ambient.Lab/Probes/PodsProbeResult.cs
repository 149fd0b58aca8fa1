using System.Globalization;

namespace Ambient.Lab.Probes;

/// <summary>What serving many pods costs one ztunnel.</summary>
/// <param name="Pods">Added one after the other, each answered before the next.</param>
/// <param name="Listeners">Found in their namespaces when all were added.</param>
/// <param name="ListenersLeft">Found there after all were deleted.</param>
/// <param name="EmptyBytes">Resident memory before the first pod.</param>
/// <param name="FullBytes">Resident memory with all pods.</param>
/// <param name="AddMilliseconds">From request to answer, of each pod in order.</param>
/// <param name="FirstError">Empty without errors.</param>
public sealed record PodsProbeResult(
    int Pods, int Listeners, int ListenersLeft, long EmptyBytes, long FullBytes, IReadOnlyList<double> AddMilliseconds, string FirstError)
{
    public double AddedMegabytes => (FullBytes - EmptyBytes) / 1e6;

    /// <summary>The first pod pays for what is done for the first time.</summary>
    public double FirstMilliseconds => AddMilliseconds.Count > 0 ? AddMilliseconds[0] : 0;

    public double MedianMilliseconds => AddMilliseconds.Order().ElementAtOrDefault(AddMilliseconds.Count / 2);

    public double MaxMilliseconds => AddMilliseconds.Skip(1).DefaultIfEmpty().Max();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Pods} pods, {Listeners} listeners: {EmptyBytes / 1e6:0.0} MB resident without, {FullBytes / 1e6:0.0} MB with, {AddedMegabytes:0.0} MB for them; add takes {MedianMilliseconds:0.00} ms (median), {MaxMilliseconds:0.0} ms (longest), {FirstMilliseconds:0.0} ms (the first); {ListenersLeft} listeners after deletion{(FirstError.Length == 0 ? "" : $"; {FirstError}")}");
}
