using System.Diagnostics;
using Ambient.Lab.Cgroups;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Processes;

/// <summary>
/// A process that exists but waits for its release before it becomes the wanted program. In between its number is written
/// down, so that whoever cleans up knows of every program that ever ran; if the starter dies first, it ends by itself.
/// </summary>
public sealed class GatedProcess : IDisposable
{
    /// <summary>
    /// Waits for a line on standard input, then turns into the program: same process, same number. The words are passed
    /// as positional parameters and never read by the shell as code.
    /// </summary>
    private const string Gate =
        "read -r go || exit 1; log=$1; shift; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1";

    private static readonly string[] InheritedNames = ["HOME", "TMPDIR", "LANG"];
    private static readonly string[] InheritedPrefixes = ["DOTNET_", "ZTUNNEL_"];

    private readonly Process _process;

    private GatedProcess(Process process, ProcessRecord record)
    {
        _process = process;
        Record = record;
    }

    public ProcessRecord Record { get; }

    /// <exception cref="LabException">The shell could not be started, or ended at once.</exception>
    public static GatedProcess Start(LabProcessSpec spec)
    {
        var start = new ProcessStartInfo { FileName = "/bin/sh", RedirectStandardInput = true };
        IEnumerable<string> enter = spec.NamespacePath is { } path ? ["nsenter", $"--net={path}", "--"] : [];
        foreach (string word in new[] { "-c", Gate, "gate", spec.LogPath }.Concat(enter).Concat(spec.CommandLine))
        {
            start.ArgumentList.Add(word);
        }

        SetEnvironment(start, spec);
        var process = new Process { StartInfo = start };
        process.Start();
        if (ProcessTable.FindStartTime(process.Id) is not { } startTime)
        {
            process.Dispose();
            throw new LabException($"The process for {spec.Owner} ended before it began.", "Look at the machine's memory and process limits.");
        }

        if (spec.Cgroup is { } cgroup)
        {
            CgroupTree.Join(cgroup, process.Id);
        }

        return new GatedProcess(process, new ProcessRecord(spec.Role, spec.Owner, process.Id, startTime) { Generation = spec.Generation });
    }

    /// <summary>Lets the program begin.</summary>
    public void Release()
    {
        _process.StandardInput.Write("go\n");
        _process.StandardInput.Close();
    }

    /// <summary>Ends it before it becomes the program.</summary>
    public void Abandon() => _process.StandardInput.Close();

    /// <summary>Lets go of the process without ending it.</summary>
    public void Dispose() => _process.Dispose();

    private static void SetEnvironment(ProcessStartInfo start, LabProcessSpec spec)
    {
        Dictionary<string, string?> inherited = start.Environment
            .Where(entry => InheritedNames.Contains(entry.Key) || InheritedPrefixes.Any(prefix => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        start.Environment.Clear();
        start.Environment["PATH"] = SystemPath.Value;
        foreach ((string name, string? value) in inherited)
        {
            start.Environment[name] = value;
        }

        foreach ((string name, string value) in spec.Environment)
        {
            start.Environment[name] = value;
        }
    }
}
