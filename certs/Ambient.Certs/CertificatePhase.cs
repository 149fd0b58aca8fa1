namespace Ambient.Certs;

public enum CertificatePhase
{
    /// <summary>The first fetch has not ended yet.</summary>
    Initializing,

    Available,

    /// <summary>There is no valid certificate; the reason is kept, and a retry is on its way.</summary>
    Unavailable,
}
