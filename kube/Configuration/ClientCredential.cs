namespace Ambient.Kube.Configuration;

/// <summary>What one request shows the API server: a bearer token, a client certificate, both or neither. Never printed.</summary>
public sealed class ClientCredential(string? token, ClientCertificate? certificate)
{
    public static ClientCredential None { get; } = new(null, null);

    public string? Token { get; } = token;

    public ClientCertificate? Certificate { get; } = certificate;
}
