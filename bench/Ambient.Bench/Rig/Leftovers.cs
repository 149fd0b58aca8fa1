using System.Globalization;
using Ambient.Bench.Interop;

namespace Ambient.Bench.Rig;

/// <summary>
/// Removes what a run that was killed has left: its namespaces, the processes inside them, its control groups and its folder.
/// All of them carry the number of the process that made them.
/// </summary>
internal static class Leftovers
{
    private const string NamespaceFolder = "/run/netns";
    private const int SignalKill = 9;

    public static async Task SweepAsync()
    {
        foreach (string name in NamesIn(NamespaceFolder).Where(IsOrphan))
        {
            (_, string processes, _) = await Command.TryAsync("ip", "netns", "pids", name);
            foreach (string process in processes.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                _ = LibC.Kill(int.Parse(process, CultureInfo.InvariantCulture), SignalKill);
            }

            await Command.TryAsync("ip", "netns", "del", name);
        }

        foreach (string folder in CpuGroup.Roots.SelectMany(root => NamesIn(root).Where(IsOrphan).Select(name => Path.Combine(root, name))))
        {
            CpuGroup.Remove(folder);
        }

        foreach (string name in NamesIn(Path.GetTempPath()).Where(IsOrphan))
        {
            Directory.Delete(Path.Combine(Path.GetTempPath(), name), recursive: true);
        }
    }

    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))] : [];

    private static bool IsOrphan(string name) =>
        name.StartsWith(RigNetwork.NamePrefix, StringComparison.Ordinal)
        && int.TryParse(name[RigNetwork.NamePrefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out int owner)
        && !Directory.Exists($"/proc/{owner}");
}
