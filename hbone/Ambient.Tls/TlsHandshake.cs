using System.Buffers;

namespace Ambient.Tls;

/// <summary>
/// One TLS 1.3 handshake without a socket: the caller feeds received bytes and sends what is produced. One thread at a time;
/// the work is heavy (about 200 µs of CPU a side), so it belongs on <see cref="HandshakeThreads"/>.
/// </summary>
public sealed class TlsHandshake : IDisposable
{
    private TlsHandshake(TlsCredentials credentials, TlsPeerCheck check, TlsRole role) => throw new NotSupportedException();

    /// <summary>Why the last <see cref="Advance"/> failed.</summary>
    public TlsFailure? Failure { get; private set; }

    /// <summary>Bytes received after the handshake's last record; they belong to the session's <see cref="TlsSession.Read"/>.</summary>
    public ReadOnlyMemory<byte> Leftover { get; private set; }

    /// <summary>The connecting side. The first <see cref="Advance"/> takes no bytes and produces the ClientHello.</summary>
    public static TlsHandshake ForClient(TlsCredentials credentials, TlsPeerCheck check) => new(credentials, check, TlsRole.Client);

    /// <summary>The accepting side. A client certificate is always required (node-proxy 1.1.3).</summary>
    public static TlsHandshake ForServer(TlsCredentials credentials, TlsPeerCheck check) => new(credentials, check, TlsRole.Server);

    /// <summary>Takes all of <paramref name="received"/> and appends to <paramref name="toSend"/> whatever must go to the peer, also on failure.</summary>
    public TlsHandshakeStatus Advance(ReadOnlySpan<byte> received, IBufferWriter<byte> toSend) => throw new NotSupportedException();

    /// <summary>The session of a completed handshake; the caller owns it. Callable once.</summary>
    public TlsSession TakeSession() => throw new NotSupportedException();

    /// <summary>Safe while <see cref="Advance"/> runs on another thread: what it uses is then released when it returns.</summary>
    public void Dispose()
    {
    }
}
