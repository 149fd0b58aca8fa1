namespace Ambient.Kube.Configuration;

/// <summary>A client certificate and key in files that another program replaces: looked at every minute; the last good pair stays in force.</summary>
/// <param name="certificatePath">The certificate file.</param>
/// <param name="keyPath">The key file.</param>
/// <param name="time">Tells when a minute is over.</param>
internal sealed class ClientCertificateFiles(string certificatePath, string keyPath, TimeProvider time)
{
    private const int MaxFileBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private byte[] _certificatePem = [];
    private byte[] _keyPem = [];
    private ClientCertificate? _current;
    private long _readAt;

    public ClientCertificate Current()
    {
        lock (_gate)
        {
            if (_current is null || time.GetElapsedTime(_readAt) >= TokenFileCredentials.ReadInterval)
            {
                Read();
                _readAt = time.GetTimestamp();
            }

            return _current!;
        }
    }

    private void Read()
    {
        try
        {
            byte[] certificatePem = ConfigurationFile.Read(certificatePath, "client certificate", MaxFileBytes);
            byte[] keyPem = ConfigurationFile.Read(keyPath, "client key", MaxFileBytes);
            if (_current is null || !certificatePem.AsSpan().SequenceEqual(_certificatePem) || !keyPem.AsSpan().SequenceEqual(_keyPem))
            {
                _current = ClientCertificate.FromPem(certificatePem, keyPem, certificatePath);
                (_certificatePem, _keyPem) = (certificatePem, keyPem);
            }
        }
        catch (KubernetesConfigurationException) when (_current is not null)
        {
            // One file was replaced and the other not yet: the pair fits again at the next look.
        }
    }
}
