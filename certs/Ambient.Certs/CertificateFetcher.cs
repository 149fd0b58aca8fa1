using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>Bounds the fetches that run at once over all identities (node-proxy 5.5).</summary>
internal sealed class CertificateFetcher(ICertificateSource source) : IDisposable
{
    public const int MaxConcurrentFetches = 8;

    private readonly SemaphoreSlim _slots = new(MaxConcurrentFetches);

    public async Task<WorkloadCertificate> FetchAsync(SpiffeId identity, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await source.FetchAsync(identity, cancellation);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
