namespace Ambient.ControlPlane.Translation.Reports;

/// <summary>The words that say why (control-plane-and-cni 5.12), and those of the events beside them.</summary>
public static class Reasons
{
    public const string Accepted = "Accepted";
    public const string AncestorNotBound = "AncestorNotBound";
    public const string AttachmentDenied = "AttachmentDenied";
    public const string CanaryInvalidWeight = "CanaryInvalidWeight";
    public const string CanarySameAsPrimary = "CanarySameAsPrimary";
    public const string CrossNamespaceWaypointForbidden = "CrossNamespaceWaypointForbidden";
    public const string Invalid = "Invalid";
    public const string NoWaypointForRacingConnectStrategy = "NoWaypointForRacingConnectStrategy";
    public const string NoWaypointForWildcardService = "NoWaypointForWildcardService";
    public const string PartiallyInvalid = "PartiallyInvalid";
    public const string TargetNotFound = "TargetNotFound";
    public const string UnsupportedTrafficType = "UnsupportedTrafficType";
    public const string UnsupportedValue = "UnsupportedValue";
    public const string VisibleInNamespace = "Namespace";
    public const string VisibleToAll = "Public";
    public const string WaypointAccepted = "WaypointAccepted";
    public const string WaypointIsNotReady = "WaypointIsNotReady";

    /// <summary>An event: the rest is used, this address, port or endpoint is not.</summary>
    public const string InvalidValue = "InvalidValue";

    /// <summary>An event: a Kubernetes Service or an older object of the same namespace has the host name.</summary>
    public const string HostnameConflict = "HostnameConflict";

    /// <summary>An event: an older policy of the same scope is in force.</summary>
    public const string Superseded = "Superseded";

    /// <summary>An event: a field that has no effect where it stands.</summary>
    public const string NotHonoured = "NotHonoured";

    /// <summary>An event: the pool has no address left.</summary>
    public const string NoAddressLeft = "NoAddressLeft";
}
