using Ambient.Bench.Interop;

namespace Ambient.Bench.Rig;

/// <summary>How many descriptors a process may have here; a container often forbids raising it.</summary>
internal static class DescriptorLimit
{
    private const int ResourceOpenFiles = 7;

    public static int Hard { get; } = Read();

    private static unsafe int Read()
    {
        ulong* softAndHard = stackalloc ulong[2];
        return LibC.GetResourceLimit(ResourceOpenFiles, softAndHard) == 0 ? (int)Math.Min(softAndHard[1], 1_000_000) : 1024;
    }
}
