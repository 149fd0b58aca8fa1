using System.Runtime.InteropServices;
using Ambient.Transport.Interop;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Transport.Namespaces;

/// <summary>
/// Makes a socket in another network namespace on the calling thread: setns there, one socket(2), setns back. Nothing
/// managed runs in between. A thread that cannot come back would make sockets in the wrong pod, so the process ends instead.
/// See docs/decisions/0002-sockets-in-pod-namespaces.md.
/// </summary>
internal static class NamespaceSection
{
    private const int ReturnAttempts = 3;

    /// <summary>Of the main thread, which never changes namespaces.</summary>
    private static readonly SafeFileHandle Home = OpenHome();

    /// <returns>A descriptor, or -1 with <paramref name="errno"/> set.</returns>
    internal static int CreateSocket(NetworkNamespace target, int family, int type, int protocol, out int errno)
    {
        int home = (int)Home.DangerousGetHandle();
        bool isHeld = false;
        try
        {
            // Held, or a concurrent Dispose could let the number come back as another pod's namespace.
            if (!target.TryHold(ref isHeld, out int targetDescriptor))
            {
                errno = Errno.BadDescriptor;
                return -1;
            }

            return CreateInside(home, targetDescriptor, family, type, protocol, out errno);
        }
        finally
        {
            if (isHeld)
            {
                target.Release();
            }
        }
    }

    internal static int Enter(int descriptor) =>
        LibC.SetNamespace(descriptor, LinuxConstants.CloneNewNetwork) == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static int CreateInside(int home, int target, int family, int type, int protocol, out int errno)
    {
        errno = Enter(target);
        if (errno != 0)
        {
            return -1;
        }

        int descriptor = LibC.Socket(family, type, protocol);
        errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        Return(home);
        return descriptor;
    }

    private static void Return(int home)
    {
        int errno = 0;
        for (int attempt = 0; attempt < ReturnAttempts; attempt++)
        {
            errno = Enter(home);
            if (errno == 0)
            {
                return;
            }
        }

        Environment.FailFast($"A thread could not return to the proxy's network namespace: errno {errno}.");
    }

    private static SafeFileHandle OpenHome()
    {
        int descriptor = LibC.Open("/proc/self/ns/net", LinuxConstants.OpenCloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new InvalidOperationException($"The own network namespace cannot be opened: errno {Marshal.GetLastPInvokeError()}.");
    }
}
