namespace Ambient.ControlPlane.Translation.Selection;

/// <summary>Something that selects workloads by their labels.</summary>
internal interface ISelecting
{
    /// <summary>The labels that a workload must have; the empty set selects every workload of the namespace.</summary>
    LabelSet Selector { get; }
}
