using Ambient.Tls.Aead;

namespace Ambient.Tls;

/// <summary>Which AES-GCM this process uses; settled at first use, by a self-test.</summary>
public static class AeadChoice
{
    private static readonly Lazy<AeadSelection> Selection = new(
        () => AeadSelection.Choose(IpsecMbAeadProvider.TryCreate(out string reason), reason, OpenSslAeadProvider.Instance));

    /// <summary>The choice and its reason, for the start log. Reading it at start also takes the self-test off the first connection.</summary>
    public static string Description => Selection.Value.Description;

    internal static AeadSelection Current => Selection.Value;
}
