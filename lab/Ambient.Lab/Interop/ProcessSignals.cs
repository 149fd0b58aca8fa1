using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Interop;

/// <summary>Signals to processes by descriptor, which never reach another process that got the same number.</summary>
internal static partial class ProcessSignals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>Null when there is no such process.</summary>
    public static SafeFileHandle? Open(int processId)
    {
        int descriptor = OpenProcess(processId, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>False when the process has ended, or may not be signalled.</summary>
    public static bool Send(SafeFileHandle process, int signal) => SendSignal((int)process.DangerousGetHandle(), signal, 0, 0) == 0;

    [LibraryImport("libc", EntryPoint = "pidfd_open", SetLastError = true)]
    private static partial int OpenProcess(int processId, uint flags);

    [LibraryImport("libc", EntryPoint = "pidfd_send_signal", SetLastError = true)]
    private static partial int SendSignal(int descriptor, int signal, nint information, uint flags);
}
