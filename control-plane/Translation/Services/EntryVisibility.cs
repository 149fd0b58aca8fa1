namespace Ambient.ControlPlane.Translation.Services;

/// <summary>Who may resolve a ServiceEntry (control-plane-and-cni 5.6).</summary>
public enum EntryVisibility
{
    /// <summary>Every namespace.</summary>
    Public,

    /// <summary>Its own namespace.</summary>
    Namespace,

    /// <summary>Nobody: it is not published.</summary>
    None,
}
