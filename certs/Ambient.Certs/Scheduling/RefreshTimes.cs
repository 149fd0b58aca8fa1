namespace Ambient.Certs.Scheduling;

/// <summary>
/// When a certificate is renewed: at half of its validity at the latest, and up to a twentieth of it sooner, so that certificates which were
/// fetched together are not renewed together (node-proxy 5.5).
/// </summary>
internal static class RefreshTimes
{
    private const double Spread = 0.05;

    /// <summary>A certificate past its half life is renewed at once, but never in a tight circle.</summary>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Until(WorkloadCertificate certificate, DateTimeOffset now, double random)
    {
        TimeSpan wait = certificate.RefreshAt - now - ((certificate.NotAfter - certificate.NotBefore) * Spread * random);
        return wait > FetchBackoff.First ? wait : FetchBackoff.First;
    }
}
