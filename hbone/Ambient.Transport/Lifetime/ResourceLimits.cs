using System.Runtime.InteropServices;
using Ambient.Transport.Interop;

namespace Ambient.Transport.Lifetime;

/// <summary>Limits of the process that the proxy raises at start (node-proxy 10.5).</summary>
public static unsafe class ResourceLimits
{
    /// <summary>Raises the soft limit of open files to the hard one.</summary>
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

        return new OpenFileLimit(before, limits.Soft);
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The limit of open files cannot be raised: errno {Marshal.GetLastPInvokeError()}.");
        }
    }
}
