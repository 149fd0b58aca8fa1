using Ambient.Tls.Aead;
using Ambient.Tls.Interop;

namespace Ambient.UnitTests.Tls;

/// <summary>Every AES-GCM implementation that this machine can run, by name, so that theories show the name.</summary>
internal static class AeadProviders
{
    public const string OpenSsl = "openssl";

    public static TheoryData<string> Names => [.. AllNames()];

    public static IEnumerable<string> AllNames()
    {
        yield return OpenSsl;
        foreach (string variant in IpsecMbVariants.All())
        {
            if (IpsecMbAeadProvider.TryCreate(IpsecMbLibrary.FileName, variant, out _) is not null)
            {
                yield return variant;
            }
        }
    }

    public static AeadProvider Get(string name) => name == OpenSsl
        ? OpenSslAeadProvider.Instance
        : IpsecMbAeadProvider.TryCreate(IpsecMbLibrary.FileName, name, out string reason) ?? throw new InvalidOperationException(reason);
}
