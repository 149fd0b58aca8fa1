using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ambient.Tls.Interop;

/// <summary>
/// Native memory for keys: never moved, so never copied, by the collector, aligned to a cache line, and zeroed when it is freed.
/// </summary>
internal sealed unsafe class SecretMemory : SafeHandle
{
    private const int Alignment = 64;

    public SecretMemory(int bytes)
        : base(0, ownsHandle: true)
    {
        Length = bytes;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment));
        Span.Clear();
        LiveObjects.AddSecret(1);
    }

    public int Length { get; }

    public byte* Pointer => (byte*)handle;

    /// <summary>Valid until the memory is disposed.</summary>
    public Span<byte> Span => new((void*)handle, Length);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(Span);
        NativeMemory.AlignedFree((void*)handle);
        LiveObjects.AddSecret(-1);
        return true;
    }
}
