using System.Buffers;
using Ambient.Tls.Aead;
using Ambient.Tls.Interop;
using Ambient.Tls.Records;

namespace Ambient.Tls;

/// <summary>
/// One TLS 1.3 handshake without a socket: the caller feeds received bytes and sends what is produced. One thread at a time;
/// the work is heavy (about 200 µs of CPU a side), so it belongs on <see cref="HandshakeThreads"/>.
/// </summary>
public sealed unsafe class TlsHandshake : IDisposable
{
    /// <summary>What a peer may send before its handshake is complete: two certificate chains of the largest size taken.</summary>
    internal const int MaxHandshakeBytes = 128 * 1024;

    private const byte AlertRecord = 21;
    private const byte HandshakeRecord = 22;
    private const int DrainBytes = 4096;

    private readonly HandshakeFacts _facts;
    private readonly SslHandle _ssl;
    private readonly AeadProvider _provider;
    private DisposalGate _gate;
    private TlsSession? _session;
    private long _receivedBytes;
    private TlsHandshakeStatus _status = TlsHandshakeStatus.NeedMore;

    internal TlsHandshake(TlsCredentials credentials, TlsPeerCheck check, TlsRole role, AeadProvider provider)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(check);
        _provider = provider;
        _facts = credentials.NewFacts(role, check);
        try
        {
            _ssl = credentials.Connect(_facts);
        }
        catch
        {
            _facts.Dispose();
            throw;
        }
    }

    /// <summary>Why <see cref="Advance"/> failed.</summary>
    public TlsFailure? Failure { get; private set; }

    /// <summary>Bytes received after the handshake's last record; they belong to the session's <see cref="TlsSession.Read"/>.</summary>
    public ReadOnlyMemory<byte> Leftover { get; private set; }

    /// <summary>The connecting side. The first <see cref="Advance"/> takes no bytes and produces the ClientHello.</summary>
    /// <exception cref="ObjectDisposedException">The credentials are disposed.</exception>
    public static TlsHandshake ForClient(TlsCredentials credentials, TlsPeerCheck check) =>
        new(credentials, check, TlsRole.Client, AeadChoice.Current.Provider);

    /// <summary>The accepting side. A client certificate is always required (node-proxy 1.1.3).</summary>
    /// <exception cref="ObjectDisposedException">The credentials are disposed.</exception>
    public static TlsHandshake ForServer(TlsCredentials credentials, TlsPeerCheck check) =>
        new(credentials, check, TlsRole.Server, AeadChoice.Current.Provider);

    /// <summary>Takes all of <paramref name="received"/> and appends to <paramref name="toSend"/> whatever must go to the peer, also on failure.</summary>
    public TlsHandshakeStatus Advance(ReadOnlySpan<byte> received, IBufferWriter<byte> toSend)
    {
        ArgumentNullException.ThrowIfNull(toSend);
        if (!_gate.TryEnter())
        {
            Failure ??= HandshakeFailures.Abandoned();
            return TlsHandshakeStatus.Failed;
        }

        try
        {
            if (_status == TlsHandshakeStatus.NeedMore)
            {
                _status = AdvanceOpen(received, toSend);
            }

            return _status;
        }
        finally
        {
            if (_gate.Exit())
            {
                Release();
            }
        }
    }

    /// <summary>The session of a completed handshake; the caller owns it. Callable once.</summary>
    public TlsSession TakeSession()
    {
        TlsSession session = _session ?? throw new InvalidOperationException("The handshake has no session to take.");
        _session = null;
        return session;
    }

    /// <summary>Safe while <see cref="Advance"/> runs on another thread: what it uses is then released when it returns.</summary>
    public void Dispose()
    {
        if (_gate.Close())
        {
            Release();
        }
    }

    /// <summary>Fails a handshake that no thread works on.</summary>
    internal TlsHandshakeStatus Refuse(TlsFailure failure)
    {
        _status = TlsHandshakeStatus.Failed;
        return Fail(failure);
    }

    private TlsHandshakeStatus AdvanceOpen(ReadOnlySpan<byte> received, IBufferWriter<byte> toSend)
    {
        if (!IsTls(received))
        {
            return Fail(HandshakeFailures.NotTls());
        }

        nint ssl = _ssl.DangerousGetHandle();
        LibCrypto.ERR_clear_error();
        Feed(received);
        int result = LibSsl.SSL_do_handshake(ssl);
        int error = result == 1 ? 0 : LibSsl.SSL_get_error(ssl, result);
        TlsHandshakeStatus status = result == 1 ? Complete(ssl) : Pause(error);
        Drain(toSend);
        if (status != TlsHandshakeStatus.NeedMore)
        {
            _ssl.Dispose();
            _facts.Dispose();
        }

        return status;
    }

    private TlsHandshakeStatus Pause(int error)
    {
        if (error == LibSsl.ErrorWantRead && _facts.Refusal is null)
        {
            long taken = _receivedBytes - LibCrypto.BIO_ctrl(_ssl.ReadBio, LibCrypto.BioControlPending, 0, 0);
            return taken > MaxHandshakeBytes ? Fail(HandshakeFailures.TooManyBytes(MaxHandshakeBytes)) : TlsHandshakeStatus.NeedMore;
        }

        int reason = OpenSslError.TakeSslReason(out string text);
        return Fail(HandshakeFailures.Classify(_facts.Refusal, _facts.AlertReceived, _facts.AlertSent, reason, text));
    }

    /// <summary>Every requirement is checked again here, so that a callback that was not called cannot let a peer in.</summary>
    private TlsHandshakeStatus Complete(nint ssl)
    {
        var suite = (TlsSuite)LibSsl.SSL_CIPHER_get_protocol_id(LibSsl.SSL_get_current_cipher(ssl));
        int secretBytes = KeySchedule.IsKnown(suite) ? KeySchedule.HashBytes(suite) : -1;
        string? missing =
            _facts.Refusal is not null ? "our consent"
            : LibSsl.SSL_version(ssl) != LibSsl.Tls13 ? "TLS 1.3"
            : !AlpnRule.IsSelected(ssl) ? "ALPN h2"
            : _facts.ClientSecret.Length != secretBytes || _facts.ServerSecret.Length != secretBytes ? "traffic secrets"
            : _facts.Peer is null ? "a verified peer"
            : null;
        if (missing is not null)
        {
            return Fail(_facts.Refusal ?? HandshakeFailures.Incomplete(missing));
        }

        Leftover = TakeLeftover();
        bool isClient = _facts.Role == TlsRole.Client;
        _session = TlsSession.Create(
            _facts.Peer!,
            _facts.Role,
            _provider,
            TlsTrafficState.FromSecret(suite, isClient ? _facts.ServerSecret : _facts.ClientSecret),
            TlsTrafficState.FromSecret(suite, isClient ? _facts.ClientSecret : _facts.ServerSecret));
        return TlsHandshakeStatus.Completed;
    }

    private TlsHandshakeStatus Fail(TlsFailure failure)
    {
        Failure = failure;
        return TlsHandshakeStatus.Failed;
    }

    /// <summary>Looks at the first bytes only: OpenSSL would also take the ClientHello form of SSL 2.</summary>
    private bool IsTls(ReadOnlySpan<byte> received) =>
        _receivedBytes != 0 || received.IsEmpty || received[0] is HandshakeRecord or AlertRecord;

    private void Feed(ReadOnlySpan<byte> received)
    {
        if (received.IsEmpty)
        {
            return;
        }

        _receivedBytes += received.Length;
        fixed (byte* data = received)
        {
            int taken = LibCrypto.BIO_write(_ssl.ReadBio, data, received.Length);
            OpenSslError.ThrowIfZero(taken == received.Length ? 1 : 0, "take the received bytes");
        }
    }

    private byte[] TakeLeftover()
    {
        int length = (int)LibCrypto.BIO_ctrl(_ssl.ReadBio, LibCrypto.BioControlPending, 0, 0);
        byte[] leftover = new byte[length];
        fixed (byte* data = leftover)
        {
            return length == 0 || LibCrypto.BIO_read(_ssl.ReadBio, data, length) == length
                ? leftover
                : throw new InvalidOperationException("OpenSSL did not give back the bytes after the handshake.");
        }
    }

    private void Drain(IBufferWriter<byte> toSend)
    {
        while (true)
        {
            Span<byte> space = toSend.GetSpan(DrainBytes);
            int count;
            fixed (byte* data = space)
            {
                count = LibCrypto.BIO_read(_ssl.WriteBio, data, space.Length);
            }

            if (count <= 0)
            {
                return;
            }

            toSend.Advance(count);
        }
    }

    private void Release()
    {
        _session?.Dispose();
        _session = null;
        _ssl.Dispose();
        _facts.Dispose();
    }
}
