namespace Ambient.Lab.Cgroups;

/// <summary>
/// Control groups of a lab's pods, in the unified hierarchy. Where the machine has none, or does not let us, pods run without;
/// nothing in a lab with nftables redirection depends on them.
/// </summary>
public static class CgroupTree
{
    private const int RemovalAttempts = 100;
    private static readonly TimeSpan RemovalInterval = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Places = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

    /// <summary>Mount point of the unified hierarchy, or null.</summary>
    public static string? Root { get; } = Places.FirstOrDefault(place => File.Exists(Path.Combine(place, "cgroup.controllers")));

    public static string? PathOf(string group) => Root is null ? null : Path.Combine(Root, group);

    /// <summary>False when the group could not be made.</summary>
    public static bool TryCreate(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Moves a process and what it starts from now on into the group, if the group exists.</summary>
    public static void Join(string path, int processId)
    {
        try
        {
            File.WriteAllText(Path.Combine(path, "cgroup.procs"), $"{processId}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without the group, or with the process gone, there is nothing to account.
        }
    }

    public static IReadOnlyList<int> Members(string path)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(path, "cgroup.procs")).Select(int.Parse)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A group stays busy for a moment after its last process was killed. False when it is still there in the end.</summary>
    public static async Task<bool> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < RemovalAttempts && Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(RemovalInterval, cancellationToken);
            }
        }

        return !Directory.Exists(path);
    }
}
