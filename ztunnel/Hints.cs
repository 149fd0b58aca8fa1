namespace Ambient.Ztunnel;

/// <summary>The operator's next step where several stories meet the same trouble.</summary>
internal static class Hints
{
    public const string LocalWorkload =
        "The mesh state has no workload with this name, namespace and service account on this node: see workloads in /config_dump, and NODE_NAME.";

    public const string RevokedPeer =
        "The peer's authority took its certificate back: give the peer a new one, or look who still uses the old one.";

    public const string OwnCertificate = "The pod's own certificate could not be made: see certificates in /config_dump.";
}
