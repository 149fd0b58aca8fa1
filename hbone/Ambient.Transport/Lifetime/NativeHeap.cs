using Ambient.Transport.Interop;

namespace Ambient.Transport.Lifetime;

/// <summary>The memory of libc, from which OpenSSL and messages of the control plane take theirs.</summary>
public static class NativeHeap
{
    /// <summary>
    /// Gives free pages back to the kernel. libc keeps up to twice the largest block that it ever gave back, which after the message of a whole
    /// mesh is megabytes.
    /// </summary>
    public static void Trim() => _ = LibC.TrimHeap(0);
}
