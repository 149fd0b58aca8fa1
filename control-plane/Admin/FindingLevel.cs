namespace Ambient.ControlPlane.Admin;

/// <summary>How bad a finding is.</summary>
public enum FindingLevel
{
    /// <summary>Part of the object has no effect, and the mesh is as the rest of it says.</summary>
    Warning,

    /// <summary>The object does not do what it is there for.</summary>
    Error,
}
