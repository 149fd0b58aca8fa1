using System.Runtime.InteropServices;

namespace Ambient.Bench.Interop;

internal static partial class LibC
{
    public const int SignalTerminate = 15;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static unsafe partial int GetResourceLimit(int resource, ulong* softAndHard);
}
