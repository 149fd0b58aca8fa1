using Ambient.ControlPlane.Translation.Selection;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>A workload that has labels: it is found by selectors through its group.</summary>
internal abstract class LabeledWorkload
{
    /// <summary>The group it is in; null before it joined one.</summary>
    public LabelGroup? Group { get; set; }

    /// <summary>Its place in the group.</summary>
    public int Slot { get; set; }

    /// <summary>Set when the object is gone or was replaced.</summary>
    public bool Gone { get; set; }
}
