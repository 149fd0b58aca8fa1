using Ambient.Lab.Cgroups;
using Ambient.Lab.Plans;

namespace Ambient.Testing.Lab;

/// <summary>Everything on this machine that belongs to a lab.</summary>
public static class LabLeftovers
{
    public static IReadOnlyList<string> Find(string root, string name)
    {
        var found = new List<string>(NamespaceFiles.Find(LabPlan.PrefixOf(name)));
        if (CgroupTree.PathOf(LabPlan.PrefixOf(name).TrimEnd('.')) is { } group && Directory.Exists(group))
        {
            found.Add(group);
        }

        if (Directory.Exists(root))
        {
            found.AddRange(Directory.EnumerateFileSystemEntries(root));
        }

        found.AddRange(FindProcesses($"{root}/{name}/"));
        return found;
    }

    /// <summary>Command lines of running processes that mention <paramref name="text"/>, which a lab's programs do by their files.</summary>
    private static IEnumerable<string> FindProcesses(string text)
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc").Where(path => path[^1] is >= '0' and <= '9'))
        {
            string commandLine = ReadCommandLine(directory);
            if (commandLine.Contains(text, StringComparison.Ordinal))
            {
                yield return $"{Path.GetFileName(directory)}: {commandLine}";
            }
        }
    }

    private static string ReadCommandLine(string directory)
    {
        try
        {
            return File.ReadAllText($"{directory}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return "";
        }
    }
}
