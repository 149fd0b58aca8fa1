namespace Ambient.Kube.Configuration;

/// <summary>A credential that does not change: a token or a certificate written into the configuration, or none at all.</summary>
public sealed class FixedCredentials(ClientCredential value) : IClientCredentials
{
    public static FixedCredentials None { get; } = new(ClientCredential.None);

    public ValueTask<ClientCredential> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(value);

    public void Reject(ClientCredential credential)
    {
    }
}
