using System.Runtime.InteropServices;
using Ambient.Transport.Interop;

namespace Ambient.Transport.Lifetime;

/// <summary>Limits of the process that the proxy raises at start (node-proxy 10.5).</summary>
public static unsafe class ResourceLimits
{
    /// <summary>
    /// Descriptors that the process's table is made for at once. The kernel doubles the table when it is full, and where threads share it each
    /// time waits for a grace period of RCU: whoever opened the socket that did not fit, a loop or the start of a pod, stands still for 10 ms
    /// and more. An entry is 8 bytes of the kernel's.
    /// </summary>
    public const int TableEntries = 32_768;

    /// <summary>Raises the soft limit of open files to the hard one, and makes room for the first of them.</summary>
    /// <exception cref="InvalidOperationException">The kernel refused.</exception>
    public static OpenFileLimit RaiseOpenFiles()
    {
        ResourceLimitPair limits;
        Check(LibC.GetResourceLimit(LinuxConstants.ResourceOpenFiles, &limits));
        ulong before = limits.Soft;
        if (limits.Soft < limits.Hard)
        {
            limits.Soft = limits.Hard;
            Check(LibC.SetResourceLimit(LinuxConstants.ResourceOpenFiles, &limits));
        }

        GrowTable((int)Math.Min(limits.Soft, TableEntries));
        return new OpenFileLimit(before, limits.Soft);
    }

    /// <summary>A descriptor with the highest number makes the table as large as that.</summary>
    private static void GrowTable(int entries)
    {
        int any = LibC.EventDescriptor(0, LinuxConstants.EventCloseOnExec);
        int highest = LibC.FileControl(any, LinuxConstants.FileDuplicateCloseOnExec, entries - 1);
        _ = LibC.Close(highest);
        _ = LibC.Close(any);
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The limit of open files cannot be raised: errno {Marshal.GetLastPInvokeError()}.");
        }
    }
}
