namespace Ambient.Kube.Configuration;

/// <summary>
/// A token that another program rotates in a file, as the kubelet does: read again at least every minute and after a 401. A file that
/// cannot be read for a moment leaves the last token in force.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">Tells when a minute is over.</param>
public sealed class TokenFileCredentials(string path, TimeProvider time) : IClientCredentials
{
    /// <summary>How long a token is used without a look at the file.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromMinutes(1);

    private const int MaxTokenBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private ClientCredential? _current;
    private long _readAt;
    private bool _stale = true;

    public ValueTask<ClientCredential> GetAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_current is null || _stale || time.GetElapsedTime(_readAt) >= ReadInterval)
            {
                Read();
            }

            return ValueTask.FromResult(_current!);
        }
    }

    public void Reject(ClientCredential credential)
    {
        lock (_gate)
        {
            _stale |= ReferenceEquals(credential, _current);
        }
    }

    private void Read()
    {
        try
        {
            string token = System.Text.Encoding.UTF8.GetString(ConfigurationFile.Read(path, "token file", MaxTokenBytes)).Trim();
            if (token.Length == 0 || token.Any(char.IsWhiteSpace))
            {
                throw new KubernetesConfigurationException($"The token file {path} holds {(token.Length == 0 ? "nothing" : "more than one word")}, not a token.");
            }

            if (token != _current?.Token)
            {
                _current = new ClientCredential(token, null);
            }

            _stale = false;
        }
        catch (KubernetesConfigurationException) when (_current is not null)
        {
            // The kubelet replaces the file by renaming a link; a token from memory is good for a while yet, and is tried again next minute.
            _stale = false;
        }

        _readAt = time.GetTimestamp();
    }
}
