namespace Ambient.Certs.Scheduling;

/// <summary>Certificates that were replaced: their keys are cleared a little later, since a handshake may be about to use one.</summary>
internal sealed class RetiredKeys(TimeProvider time) : IDisposable
{
    /// <summary>Longer than any handshake that may still be about to begin.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<WorkloadCertificate> _retired = [];

    public void Add(WorkloadCertificate certificate)
    {
        lock (_gate)
        {
            if (!_retired.Add(certificate))
            {
                return;
            }
        }

        _ = ClearLaterAsync(certificate);
    }

    /// <summary>Clears them now.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (WorkloadCertificate certificate in _retired)
            {
                certificate.Dispose();
            }

            _retired.Clear();
        }
    }

    private async Task ClearLaterAsync(WorkloadCertificate certificate)
    {
        await Task.Delay(Delay, time);
        certificate.Dispose();
        lock (_gate)
        {
            _retired.Remove(certificate);
        }
    }
}
