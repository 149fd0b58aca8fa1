using System.Runtime.InteropServices;

namespace Ambient.Tls.Interop;

/// <summary>
/// The AES-GCM functions that libipsec-mb exports by name. Its manager structure is not touched: its layout changes with each
/// version, the exported functions do not. The error code that they set is one variable of the whole process, so it is never read;
/// a self-test stands in for it.
/// </summary>
internal sealed unsafe class IpsecMbLibrary
{
    public const string FileName = "libIPSec_MB.so.1";

    private IpsecMbLibrary(IpsecMbFunctions aes128, IpsecMbFunctions aes256, string variant, string version)
    {
        Aes128 = aes128;
        Aes256 = aes256;
        Variant = variant;
        Version = version;
    }

    public IpsecMbFunctions Aes128 { get; }

    public IpsecMbFunctions Aes256 { get; }

    /// <summary>The instruction set the functions are built for.</summary>
    public string Variant { get; }

    public string Version { get; }

    /// <summary>Loads the functions for one instruction set; null, and the reason, when that is not possible.</summary>
    public static IpsecMbLibrary? TryLoad(string fileName, string variant, out string reason)
    {
        if (!NativeLibrary.TryLoad(fileName, out nint library))
        {
            reason = $"{fileName} is not installed";
            return null;
        }

        if (!TryBind(library, 128, variant, out IpsecMbFunctions aes128) || !TryBind(library, 256, variant, out IpsecMbFunctions aes256))
        {
            reason = $"{fileName} has no AES-GCM functions for {variant}";
            NativeLibrary.Free(library);
            return null;
        }

        reason = string.Empty;
        return new IpsecMbLibrary(aes128, aes256, variant, ReadVersion(library));
    }

    private static bool TryBind(nint library, int bits, string variant, out IpsecMbFunctions functions)
    {
        functions = default;
        if (!NativeLibrary.TryGetExport(library, $"aes_gcm_pre_{bits}_{variant}", out nint expand)
            || !NativeLibrary.TryGetExport(library, $"aes_gcm_enc_{bits}_{variant}", out nint seal)
            || !NativeLibrary.TryGetExport(library, $"aes_gcm_dec_{bits}_{variant}", out nint open))
        {
            return false;
        }

        functions = new IpsecMbFunctions(expand, seal, open);
        return true;
    }

    private static string ReadVersion(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "imb_get_version_str", out nint function))
        {
            return "of unknown version";
        }

        byte* text = ((delegate* unmanaged<byte*>)function)();
        return Marshal.PtrToStringUTF8((nint)text) ?? "of unknown version";
    }
}
