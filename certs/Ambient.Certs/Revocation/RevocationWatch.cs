using System.Security.Cryptography;
using Ambient.Tls;

namespace Ambient.Certs.Revocation;

/// <summary>
/// The revocation lists in force: asked in every handshake of either side, and enforced on live connections when a new version of the
/// file comes (node-proxy 5.6). Thread-safe.
/// </summary>
public sealed class RevocationWatch
{
    /// <summary>The access log's text of a connection that was ended.</summary>
    public const string ClosedReason = "connection closed: peer certificate revoked by CRL";

    private readonly IssuerTable _issuers = new();
    private readonly Lock _gate = new();
    private readonly List<Registration> _live = [];
    private readonly long[] _rejections = new long[2];
    private readonly long[] _untracked = new long[2];
    private volatile RevocationSet _current = RevocationSet.Empty;

    public int ListCount => _current.ListCount;

    /// <summary>Certificates revoked by the lists in force.</summary>
    public int EntryCount => _current.EntryCount;

    public int TrackedConnections
    {
        get
        {
            lock (_gate)
            {
                return _live.Count;
            }
        }
    }

    /// <summary>What was done as the connecting (client) or accepting (server) side.</summary>
    public RevocationCounts CountsOf(TlsRole role) =>
        new(Volatile.Read(ref _rejections[(int)role]), Volatile.Read(ref _untracked[(int)role]));

    /// <summary>Puts a new version of the file in force and ends the live connections that it revokes.</summary>
    /// <returns>How many connections were ended.</returns>
    /// <exception cref="RevocationFormatException">The file is not usable; the previous version stays in force.</exception>
    public int Load(ReadOnlySpan<byte> file)
    {
        RevocationSet loaded = new(RevocationListParser.Parse(file));
        Registration[] live;
        lock (_gate)
        {
            // Inside the gate: a connection is either in the list now, or sees the new version when it registers.
            _current = loaded;
            live = [.. _live];
        }

        int ended = 0;
        foreach (Registration registration in live)
        {
            ended += registration.EndIfRevoked(loaded) ? 1 : 0;
        }

        return ended;
    }

    /// <summary>For <see cref="TlsOptions.RevocationCheck"/>.</summary>
    public string? Check(TlsPeer peer, TlsRole role)
    {
        ArgumentNullException.ThrowIfNull(peer);
        RevocationSet current = _current;
        if (current.ListCount == 0)
        {
            return null;
        }

        string? reason = Refusal(peer, current);
        if (reason is not null)
        {
            Interlocked.Increment(ref _rejections[(int)role]);
        }

        return reason;
    }

    /// <summary>Watches a connection whose handshake is complete; one that was revoked meanwhile is ended at once.</summary>
    /// <returns>To be disposed when the connection ends; null when it could not be watched, which is counted.</returns>
    public IDisposable? Track(TlsPeer peer, TlsRole role, IRevocableConnection connection)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(connection);
        CertificateLink[] path;
        try
        {
            path = CertificatePath.Read(peer.VerifiedChainDer, _issuers);
        }
        catch (CryptographicException)
        {
            Interlocked.Increment(ref _untracked[(int)role]);
            return null;
        }

        var registration = new Registration(this, path, role, connection);
        RevocationSet current;
        lock (_gate)
        {
            registration.Index = _live.Count;
            _live.Add(registration);
            current = _current;
        }

        registration.EndIfRevoked(current);
        return registration;
    }

    private string? Refusal(TlsPeer peer, RevocationSet current)
    {
        try
        {
            return current.FirstRevoked(CertificatePath.Read(peer.VerifiedChainDer, _issuers)) is { } revoked ? Describe(revoked, peer) : null;
        }
        catch (CryptographicException failure)
        {
            return $"the peer's chain cannot be checked for revocation: {failure.Message}";
        }
    }

    private static string Describe(CertificateLink revoked, TlsPeer peer) =>
        $"peer certificate revoked by CRL: serial {revoked.Serial} in the chain of {(peer.UriSans.Count > 0 ? peer.UriSans[0] : "a peer without identity")}";

    private void Forget(Registration registration)
    {
        lock (_gate)
        {
            if (registration.Index < 0)
            {
                return;
            }

            // The last one takes the free place, so that many connections can come and go.
            Registration last = _live[^1];
            _live[registration.Index] = last;
            last.Index = registration.Index;
            _live.RemoveAt(_live.Count - 1);
            registration.Index = -1;
        }
    }

    private sealed class Registration(RevocationWatch watch, CertificateLink[] path, TlsRole role, IRevocableConnection connection) : IDisposable
    {
        private int _isEnded;

        /// <summary>Place in the list; below zero once forgotten.</summary>
        public int Index { get; set; }

        public bool EndIfRevoked(RevocationSet set)
        {
            if (set.ListCount == 0 || set.FirstRevoked(path) is null || Interlocked.Exchange(ref _isEnded, 1) != 0)
            {
                return false;
            }

            Interlocked.Increment(ref watch._rejections[(int)role]);
            connection.Revoke();
            return true;
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _isEnded, 1);
            watch.Forget(this);
        }
    }
}
