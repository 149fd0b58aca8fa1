using Ambient.Mesh.Identities;

namespace Ambient.Certs;

/// <summary>Told of every fetch, for logs and metrics. Called on pool threads; must not block or throw.</summary>
public interface ICertificateEvents
{
    void Fetched(SpiffeId identity, DateTimeOffset notAfter);

    /// <param name="retryIn">Time until the next attempt.</param>
    void FetchFailed(SpiffeId identity, string reason, TimeSpan retryIn);
}
