namespace Ambient.Ztunnel.Configuration;

/// <summary>COMPLIANCE_POLICY: what cryptography between workloads is restricted to (node-proxy 1.1.1).</summary>
internal enum CompliancePolicy
{
    None,

    /// <summary><c>pqc</c>: key exchange by X25519MLKEM768 and nothing else.</summary>
    PostQuantum,
}
