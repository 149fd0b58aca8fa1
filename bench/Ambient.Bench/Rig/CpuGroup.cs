using System.Globalization;

namespace Ambient.Bench.Rig;

/// <summary>
/// A control group that only counts CPU time, to the nanosecond and including threads and children that have ended.
/// Version 1 (cpuacct) and version 2 (cpu.stat) are both read.
/// </summary>
internal sealed class CpuGroup
{
    private const string Version1Root = "/sys/fs/cgroup/cpuacct";
    private const string Version2Root = "/sys/fs/cgroup";
    private readonly string _folder;
    private readonly bool _isVersion1;

    private CpuGroup(string folder, bool isVersion1)
    {
        _folder = folder;
        _isVersion1 = isVersion1;
    }

    public static IReadOnlyList<string> Roots { get; } = [Version1Root, Version2Root];

    /// <summary>Writing a process id here moves the process into the group.</summary>
    public string ProcessesFile => Path.Combine(_folder, "cgroup.procs");

    /// <summary>The group, or null where control groups cannot be made.</summary>
    public static CpuGroup? TryCreate(string name)
    {
        bool isVersion1 = Directory.Exists(Version1Root);
        string folder = Path.Combine(isVersion1 ? Version1Root : Version2Root, name);
        try
        {
            Directory.CreateDirectory(folder);
            CpuGroup group = new(folder, isVersion1);
            _ = group.Seconds();
            return group;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>CPU seconds of the group and the groups below it since it was made.</summary>
    public double Seconds()
    {
        if (_isVersion1)
        {
            return long.Parse(File.ReadAllText(Path.Combine(_folder, "cpuacct.usage")), CultureInfo.InvariantCulture) / 1e9;
        }

        string line = File.ReadLines(Path.Combine(_folder, "cpu.stat")).First(text => text.StartsWith("usage_usec ", StringComparison.Ordinal));
        return long.Parse(line["usage_usec ".Length..], CultureInfo.InvariantCulture) / 1e6;
    }

    public void Remove() => Remove(_folder);

    /// <summary>Removes a group and those below it; only empty groups can be removed, so one whose processes are still ending stays for the next sweep.</summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string child in Directory.GetDirectories(folder))
        {
            Remove(child);
        }

        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Busy: swept by the next run.
        }
    }
}
