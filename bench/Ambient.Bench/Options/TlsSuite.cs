namespace Ambient.Bench.Options;

/// <summary>The TLS 1.3 suite that every encrypting pair of a table uses.</summary>
/// <param name="Id">Name on the command line and in the JSON.</param>
/// <param name="Name">IANA name, as OpenSSL configures it.</param>
/// <param name="Code">The two bytes in the ServerHello.</param>
internal sealed record TlsSuite(string Id, string Name, ushort Code)
{
    public static readonly TlsSuite Aes128 = new("aes128", "TLS_AES_128_GCM_SHA256", 0x1301);
    public static readonly TlsSuite Aes256 = new("aes256", "TLS_AES_256_GCM_SHA384", 0x1302);

    public static IReadOnlyList<TlsSuite> All { get; } = [Aes128, Aes256];
}
