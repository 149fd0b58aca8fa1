namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>Which connections a workload accepts. A node proxy always offers mutual TLS; only STRICT refuses plaintext.</summary>
internal enum PeerMode
{
    /// <summary>Whatever the wider scope says.</summary>
    Unset,

    /// <summary>PERMISSIVE or DISABLE: plaintext is accepted too.</summary>
    Open,

    Strict,
}
