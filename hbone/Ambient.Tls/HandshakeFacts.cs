using Ambient.Tls.Interop;

namespace Ambient.Tls;

/// <summary>What the callbacks of one handshake learn: secrets, the verified peer, alerts, and why it was refused.</summary>
internal sealed class HandshakeFacts(TlsRole role, TlsPeerCheck check, TlsOptions options) : IDisposable
{
    private const int MaxSecretBytes = 48;

    private readonly SecretMemory _secrets = new(2 * MaxSecretBytes);
    private int _clientSecretBytes;
    private int _serverSecretBytes;

    public TlsRole Role { get; } = role;

    public TlsPeerCheck Check { get; } = check;

    public TimeProvider Clock => options.Clock;

    public TlsRevocationCheck? RevocationCheck => options.RevocationCheck;

    public TlsPeer? Peer { get; set; }

    /// <summary>Set by a callback that refused the peer; more telling than OpenSSL's own error.</summary>
    public TlsFailure? Refusal { get; set; }

    public TlsAlert? AlertSent { get; set; }

    public TlsAlert? AlertReceived { get; set; }

    public ReadOnlySpan<byte> ClientSecret => _secrets.Span[.._clientSecretBytes];

    public ReadOnlySpan<byte> ServerSecret => _secrets.Span.Slice(MaxSecretBytes, _serverSecretBytes);

    /// <summary>Where a secret of this length goes, or empty if no suite has secrets of this length.</summary>
    public Span<byte> ReserveSecret(bool isClient, int length)
    {
        if (length is not (32 or 48))
        {
            return default;
        }

        if (isClient)
        {
            _clientSecretBytes = length;
            return _secrets.Span[..length];
        }

        _serverSecretBytes = length;
        return _secrets.Span.Slice(MaxSecretBytes, length);
    }

    public void Dispose()
    {
        _clientSecretBytes = 0;
        _serverSecretBytes = 0;
        _secrets.Dispose();
    }
}
