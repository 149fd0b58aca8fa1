using Ambient.Lab.Cgroups;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Processes;
using Ambient.Lab.Programs;
using Ambient.Lab.State;
using Ambient.Redirection.Commands;

namespace Ambient.Lab;

/// <summary>
/// Removes a lab and nothing else: what its records name, and namespaces and control groups that carry its name. Can be
/// repeated, and works on whatever a crash left.
/// </summary>
public sealed class LabRemover(LabOptions options)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly LabNetwork _network = new(new ProgramRunner());

    /// <summary>False when there was nothing of that name.</summary>
    /// <exception cref="LabException">Something could not be removed; the message says what.</exception>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var directory = new LabDirectory(options.Root, name);
        var store = new LabStore(directory);
        LabState? state = store.Load();
        IReadOnlyList<string> found = NamespaceFiles.Find(LabPlan.PrefixOf(name));
        if (state is null && found.Count == 0 && !Directory.Exists(directory.Path))
        {
            store.Delete();
            return false;
        }

        CheckPrivileges(state, found);
        if (state is not null)
        {
            store.Update(current => current with { Phase = LabPhase.Stopping });
        }

        string[] namespaces = [.. found.Union(state?.Namespaces ?? [])];
        var left = new List<string>();
        left.AddRange(await EndProcessesAsync(state, namespaces, cancellationToken));
        left.AddRange((await _network.DeleteAsync(namespaces, cancellationToken)).Select(item => $"namespace {item}"));
        left.AddRange(await RemoveCgroupsAsync(name, state, cancellationToken));
        if (left.Count > 0)
        {
            throw new LabException($"Lab {name} could not be removed completely: {string.Join(", ", left)}.", "Repeat the command; its records were kept.");
        }

        store.Delete();
        return true;
    }

    private static void CheckPrivileges(LabState? state, IReadOnlyList<string> found)
    {
        if ((found.Count > 0 || state?.Namespaces.Count > 0) && Privileges.FindMissing() is { } missing)
        {
            throw new LabException($"Removing namespaces needs privileges: {missing}.", "Run it as root.");
        }
    }

    private async Task<IEnumerable<string>> EndProcessesAsync(LabState? state, string[] namespaces, CancellationToken cancellationToken)
    {
        List<ProcessRecord> left = await EndAllAsync(state?.Processes ?? [], Grace, cancellationToken);

        // Children of workloads, and what was started by exec: whatever still lives in a namespace of ours would keep it alive.
        foreach (string name in namespaces.Where(name => File.Exists(NamespaceFiles.PathOf(name))))
        {
            IReadOnlyList<int> inside = await _network.FindProcessesAsync(name, cancellationToken);
            left.AddRange(await EndAllAsync(Identify(inside, name), TimeSpan.Zero, cancellationToken));
        }

        return left.Select(process => $"process {process.Id} of {process.Owner}");
    }

    private static async Task<List<ProcessRecord>> EndAllAsync(IReadOnlyList<ProcessRecord> processes, TimeSpan grace, CancellationToken cancellationToken)
    {
        bool[] ended = await Task.WhenAll(processes.Select(process => ProcessTable.EndAsync(process, grace, cancellationToken)));
        return [.. processes.Where((_, index) => !ended[index])];
    }

    private static List<ProcessRecord> Identify(IEnumerable<int> processIds, string owner) =>
    [
        .. processIds.Where(id => id != Environment.ProcessId)
            .Select(id => (Id: id, StartTime: ProcessTable.FindStartTime(id)))
            .Where(process => process.StartTime is not null)
            .Select(process => new ProcessRecord(ProcessRole.Workload, owner, process.Id, process.StartTime!.Value)),
    ];

    private static async Task<IEnumerable<string>> RemoveCgroupsAsync(string name, LabState? state, CancellationToken cancellationToken)
    {
        IEnumerable<string> recorded = state?.Cgroups ?? [];
        string? own = CgroupTree.PathOf(LabRecords.GroupOf(name));
        IEnumerable<string> found = own is not null && Directory.Exists(own) ? Directory.EnumerateDirectories(own).Prepend(own) : [];
        var left = new List<string>();
        foreach (string path in recorded.Union(found).OrderByDescending(path => path.Length).ToList())
        {
            await EndAllAsync(Identify(CgroupTree.Members(path), path), TimeSpan.Zero, cancellationToken);
            if (!await CgroupTree.RemoveAsync(path, cancellationToken))
            {
                left.Add($"control group {path}");
            }
        }

        return left;
    }
}
