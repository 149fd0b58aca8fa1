using Ambient.Tls;
using Ambient.Tls.Aead;
using Ambient.Tls.Records;
using BenchmarkDotNet.Attributes;

namespace Ambient.Microbenchmarks.Tls;

/// <summary>One TLS record of AES-128-GCM, with each implementation that this machine can run.</summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private const string OpenSsl = "openssl";
    private const string IpsecMb = "ipsec-mb";

    private TlsSession _client = null!;
    private TlsSession _server = null!;
    private TlsTrafficState _receiving = null!;
    private byte[] _slot = null!;
    private byte[] _sealed = null!;
    private byte[] _record = null!;

    public static IEnumerable<string> Providers =>
        IpsecMbAeadProvider.TryCreate(out _) is null ? [OpenSsl] : [OpenSsl, IpsecMb];

    [ParamsSource(nameof(Providers))]
    public string Provider { get; set; } = OpenSsl;

    [Params(64, TlsSession.MaxPlaintext)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        AeadProvider provider = Provider == OpenSsl
            ? OpenSslAeadProvider.Instance
            : IpsecMbAeadProvider.TryCreate(out string reason) ?? throw new InvalidOperationException(reason);
        TlsPeer nobody = new([], [], []);
        _receiving = State(1);
        _client = TlsSession.Create(nobody, TlsRole.Client, provider, State(2), State(1));
        _server = TlsSession.Create(nobody, TlsRole.Server, provider, _receiving, State(2));
        _slot = new byte[Bytes + 1];
        _sealed = new byte[Bytes + TlsSession.Overhead];
        _record = new byte[_sealed.Length];
        _client.Seal(_slot, Bytes, _sealed);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Benchmark]
    public int Seal() => _client.Seal(_slot, Bytes, _record);

    /// <summary>The same first record again and again: copied, since it is opened in place, with the sequence number put back.</summary>
    [Benchmark]
    public int Open()
    {
        _sealed.CopyTo(_record.AsSpan());
        _receiving.Sequence = 0;
        return _server.Read(_record, out _, out Span<byte> plaintext) == TlsReadStatus.ApplicationData
            ? plaintext.Length
            : throw new InvalidOperationException(_server.Failure?.Message);
    }

    private static TlsTrafficState State(byte fill)
    {
        byte[] secret = new byte[KeySchedule.HashBytes(TlsSuite.Aes128GcmSha256)];
        secret.AsSpan().Fill(fill);
        return TlsTrafficState.FromSecret(TlsSuite.Aes128GcmSha256, secret);
    }
}
