using Ambient.Mesh.Identities;

namespace Ambient.Certs.Scheduling;

/// <summary>Fetches in turn over all identities: at most 8 at once, connections before warm-up before renewals (node-proxy 5.5).</summary>
internal sealed class CertificateFetcher(ICertificateSource source)
{
    public const int MaxConcurrentFetches = 8;

    private readonly FetchQueue _queue = new(MaxConcurrentFetches);

    /// <summary>Fetches whose turn has not come.</summary>
    public int WaitingCount => _queue.WaitingCount;

    public FetchTicket Enter(FetchPriority priority) => _queue.Enter(priority);

    public void Raise(FetchTicket ticket, FetchPriority priority) => _queue.Raise(ticket, priority);

    /// <summary>Waits for the ticket's turn, fetches, and gives the ticket back.</summary>
    public async Task<WorkloadCertificate> FetchAsync(FetchTicket ticket, SpiffeId identity, CancellationToken cancellation)
    {
        try
        {
            await ticket.Turn.WaitAsync(cancellation);
            return await source.FetchAsync(identity, cancellation);
        }
        finally
        {
            _queue.Leave(ticket);
        }
    }
}
