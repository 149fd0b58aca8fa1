namespace Ambient.Kube.Configuration;

/// <summary>A client certificate beside whatever tokens another source gives.</summary>
/// <param name="tokens">The source of tokens.</param>
/// <param name="certificate">The certificate now in force.</param>
internal sealed class CertificateCredentials(IClientCredentials tokens, Func<ClientCertificate> certificate) : IClientCredentials
{
    private (ClientCredential Token, ClientCredential Combined)? _last;

    public async ValueTask<ClientCredential> GetAsync(CancellationToken cancellation)
    {
        ClientCredential token = await tokens.GetAsync(cancellation);
        ClientCertificate current = certificate();
        if (_last is { } last && ReferenceEquals(last.Token, token) && ReferenceEquals(last.Combined.Certificate, current))
        {
            return last.Combined;
        }

        var combined = new ClientCredential(token.Token, current);
        _last = (token, combined);
        return combined;
    }

    public void Reject(ClientCredential credential)
    {
        if (_last is { } last && ReferenceEquals(last.Combined, credential))
        {
            tokens.Reject(last.Token);
        }
    }
}
