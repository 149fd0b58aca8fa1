using Ambient.Tls.Interop;

namespace Ambient.Tls.Aead;

/// <summary>AES-GCM by libipsec-mb.</summary>
internal sealed class IpsecMbAeadProvider(IpsecMbLibrary library) : AeadProvider
{
    public override string Name => $"libipsec-mb {library.Version} ({library.Variant})";

    public static IpsecMbAeadProvider? TryCreate(out string reason) => TryCreate(IpsecMbLibrary.FileName, IpsecMbVariants.Best(), out reason);

    public static IpsecMbAeadProvider? TryCreate(string fileName, string? variant, out string reason)
    {
        if (variant is null)
        {
            reason = "libipsec-mb has no functions for this CPU";
            return null;
        }

        return IpsecMbLibrary.TryLoad(fileName, variant, out reason) is { } library ? new IpsecMbAeadProvider(library) : null;
    }

    public override AeadKey CreateKey(ReadOnlySpan<byte> key) => key.Length switch
    {
        16 => new IpsecMbAeadKey(library.Aes128, key),
        32 => new IpsecMbAeadKey(library.Aes256, key),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key.Length, "AES-GCM keys have 16 or 32 bytes here."),
    };

    /// <summary>Runs the functions in memory far larger than a key's and looks at how far they wrote.</summary>
    public override unsafe bool KeysFitTheirMemory()
    {
        const byte Untouched = 0xA5;
        const int AreaBytes = 32 * 1024;
        using var keyData = new SecretMemory(AreaBytes);
        using var context = new SecretMemory(AreaBytes);
        keyData.Span.Fill(Untouched);
        context.Span.Fill(Untouched);
        byte* input = stackalloc byte[64];
        byte* output = stackalloc byte[64 + AeadKey.TagBytes];
        new Span<byte>(input, 64).Clear();
        foreach (IpsecMbFunctions functions in (IpsecMbFunctions[])[library.Aes128, library.Aes256])
        {
            functions.Expand(input, keyData.Pointer);
            functions.Seal(keyData.Pointer, context.Pointer, output, input, 64, input, input, 5, output + 64, AeadKey.TagBytes);
        }

        return !keyData.Span[IpsecMbAeadKey.KeyDataBytes..].ContainsAnyExcept(Untouched)
            && !context.Span[IpsecMbAeadKey.ContextBytes..].ContainsAnyExcept(Untouched);
    }
}
