using Ambient.Tls;
using Ambient.Tls.Aead;
using Ambient.Tls.Records;

namespace Ambient.UnitTests.Tls;

/// <summary>Two sessions with known secrets, and a forge that seals anything under the client's keys.</summary>
internal sealed class SessionPair : IDisposable
{
    public static readonly TlsPeer Nobody = new([], [], []);

    private const byte ClientByte = 0xC1;
    private const byte ServerByte = 0x5E;

    private readonly Lazy<TlsTrafficState> _clientReceiving;
    private readonly Lazy<TlsSession> _client;
    private readonly Lazy<TlsSession> _server;
    private readonly Lazy<RecordProtection> _clientForge;
    private readonly Lazy<RecordProtection> _serverForge;

    // Made on demand: the mutation tests make half a million pairs and use one end of each.
    public SessionPair(TlsSuite suite = TlsSuite.Aes128GcmSha256, AeadProvider? provider = null, ulong sequence = 0)
    {
        provider ??= AeadChoice.Current.Provider;
        _clientReceiving = new(() => State(suite, ServerByte, sequence));
        _client = new(() => TlsSession.Create(
            Nobody, TlsRole.Client, provider, _clientReceiving.Value, State(suite, ClientByte, sequence)));
        _server = new(() => TlsSession.Create(
            Nobody, TlsRole.Server, provider, State(suite, ClientByte, sequence), State(suite, ServerByte, sequence)));
        _clientForge = new(() => new RecordProtection(provider, State(suite, ClientByte, sequence)));
        _serverForge = new(() => new RecordProtection(provider, State(suite, ServerByte, sequence)));
    }

    public TlsSession Client => _client.Value;

    public TlsSession Server => _server.Value;

    public static TlsTrafficState State(TlsSuite suite, byte fill, ulong sequence)
    {
        byte[] secret = new byte[KeySchedule.HashBytes(suite)];
        secret.AsSpan().Fill(fill);
        TlsTrafficState state = TlsTrafficState.FromSecret(suite, secret);
        state.Sequence = sequence;
        return state;
    }

    public static byte[] Seal(TlsSession session, ReadOnlySpan<byte> text)
    {
        byte[] slot = [.. text, 0];
        byte[] record = new byte[text.Length + TlsSession.Overhead];
        Assert.Equal(record.Length, session.Seal(slot, text.Length, record));
        return record;
    }

    public static byte[] Control(TlsSession session)
    {
        byte[] output = new byte[TlsSession.MaxControlBytes];
        return output[..session.WriteControl(output)];
    }

    /// <summary>A record of any inner type, content and padding, as the client would send it.</summary>
    public byte[] FromClient(ContentType type, ReadOnlySpan<byte> content, int padding = 0) =>
        Forge(_clientForge.Value, [.. content, (byte)type, .. new byte[padding]]);

    public byte[] FromServer(ContentType type, ReadOnlySpan<byte> content, int padding = 0) =>
        Forge(_serverForge.Value, [.. content, (byte)type, .. new byte[padding]]);

    /// <summary>A record with exactly this inner plaintext, type and padding included.</summary>
    public byte[] InnerFromClient(byte[] inner) => Forge(_clientForge.Value, inner);

    public byte[] InnerFromServer(byte[] inner) => Forge(_serverForge.Value, inner);

    public void StepClientForge() => _clientForge.Value.Update();

    /// <summary>Steps the server's forge if the client has just taken a key update.</summary>
    public void FollowClient()
    {
        if (_clientReceiving.Value.Sequence == 0)
        {
            _serverForge.Value.Update();
        }
    }

    public void Dispose()
    {
        DisposeIfMade(_client);
        DisposeIfMade(_server);
        DisposeIfMade(_clientForge);
        DisposeIfMade(_serverForge);
    }

    private static void DisposeIfMade<T>(Lazy<T> part)
        where T : IDisposable
    {
        if (part.IsValueCreated)
        {
            part.Value.Dispose();
        }
    }

    private static unsafe byte[] Forge(RecordProtection forge, byte[] inner)
    {
        byte[] record = new byte[inner.Length + RecordProtection.HeaderBytes + AeadKey.TagBytes];
        byte[] source = [.. inner, 0];
        fixed (byte* from = source, to = record)
        {
            forge.Seal(from, inner.Length, to);
        }

        return record;
    }
}
