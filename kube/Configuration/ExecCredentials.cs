using System.Text;
using System.Text.Json;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Configuration;

/// <summary>
/// Credentials made by a plugin. One run at a time; what it made is used until it expires, or until the API server refuses it where it
/// does not say when that is.
/// </summary>
internal sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : IClientCredentials, IDisposable
{
    private readonly SemaphoreSlim _oneRun = new(1);
    private volatile ClientCredential? _current;
    private DateTimeOffset? _expires;

    public async ValueTask<ClientCredential> GetAsync(CancellationToken cancellation)
    {
        await _oneRun.WaitAsync(cancellation);
        try
        {
            if (_current is { } current && !(_expires <= time.GetUtcNow()))
            {
                return current;
            }

            ExecCredentialStatus status = Parse(await ExecRun.RunAsync(plugin, time, cancellation));
            ClientCredential made = ToCredential(status);
            _expires = status.ExpirationTimestamp;
            _current = made;
            return made;
        }
        finally
        {
            _oneRun.Release();
        }
    }

    public void Reject(ClientCredential credential) => Interlocked.CompareExchange(ref _current, null, credential);

    public void Dispose() => _oneRun.Dispose();

    internal ExecCredentialStatus Parse(ReadOnlySpan<byte> output)
    {
        ExecCredentialResponse? response;
        try
        {
            response = JsonSerializer.Deserialize(output, ClientJson.Default.ExecCredentialResponse);
        }
        catch (JsonException error)
        {
            // The exception of the parser may quote the output, which holds a token: its place is all that is told.
            throw new KubernetesConfigurationException(
                $"{plugin.Origin}: {plugin.Command} did not print an ExecCredential: no JSON at line {error.LineNumber + 1} of its output.");
        }

        if (response?.Kind != "ExecCredential" || response.ApiVersion != plugin.ApiVersion)
        {
            throw new KubernetesConfigurationException(
                $"{plugin.Origin}: {plugin.Command} printed kind {response?.Kind} of {response?.ApiVersion}, not ExecCredential of {plugin.ApiVersion}.");
        }

        return response.Status ?? throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} printed an ExecCredential without status.");
    }

    private ClientCredential ToCredential(ExecCredentialStatus status)
    {
        bool hasCertificate = !string.IsNullOrEmpty(status.ClientCertificateData);
        if (hasCertificate == string.IsNullOrEmpty(status.ClientKeyData))
        {
            throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} printed a client certificate without its key, or a key alone.");
        }

        if (!hasCertificate && string.IsNullOrEmpty(status.Token))
        {
            throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} printed neither a token nor a client certificate.");
        }

        if (status.Token?.Any(character => char.IsControl(character) || char.IsWhiteSpace(character)) == true)
        {
            throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} printed a token that is not one word.");
        }

        ClientCertificate? certificate = hasCertificate
            ? ClientCertificate.FromPem(
                Encoding.UTF8.GetBytes(status.ClientCertificateData!), Encoding.UTF8.GetBytes(status.ClientKeyData!), $"{plugin.Origin}: {plugin.Command}")
            : null;
        return new ClientCredential(string.IsNullOrEmpty(status.Token) ? null : status.Token, certificate);
    }
}
