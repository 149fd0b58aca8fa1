using System.Text.Json;
using Ambient.Lab.Plans;

namespace Ambient.Lab.State;

/// <summary>Keeps a lab's state file and its claim of a subnet. Every write replaces the whole file at once.</summary>
public sealed class LabStore(LabDirectory directory)
{
    private const string ClaimPrefix = ".subnet-";

    private readonly Lock _lock = new();
    private LabState? _state;

    public LabDirectory Directory => directory;

    /// <summary>What was last read or written.</summary>
    public LabState State => _state ?? throw new InvalidOperationException("the state was neither created nor loaded");

    /// <summary>Takes the name. Only one of several callers gets it.</summary>
    /// <exception cref="LabException">The name is taken, or the directory cannot be written.</exception>
    public void Create(LabState state)
    {
        try
        {
            System.IO.Directory.CreateDirectory(directory.Path);
            using var file = new FileStream(directory.StateFile, FileMode.CreateNew, FileAccess.Write);
            JsonSerializer.Serialize(file, state, LabJson.Default.LabState);
        }
        catch (IOException) when (File.Exists(directory.StateFile))
        {
            throw new LabException($"Lab {directory.Name} is up already, or was left half-way.", $"Remove it first: ambientctl lab down --name {directory.Name}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{directory.Path} cannot be written: {failure.Message}", $"Run as root, or choose another place with {LabDirectory.Variable}.");
        }

        _state = state;
    }

    /// <summary>Null when there is no such lab, or its file was cut short by a crash of the machine.</summary>
    public LabState? Load()
    {
        try
        {
            using FileStream file = File.OpenRead(directory.StateFile);
            _state = JsonSerializer.Deserialize(file, LabJson.Default.LabState);
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            _state = null;
        }

        return _state;
    }

    public void Update(Func<LabState, LabState> change)
    {
        lock (_lock)
        {
            LabState next = change(State);
            string temporary = $"{directory.StateFile}.new";
            File.WriteAllText(temporary, JsonSerializer.Serialize(next, LabJson.Default.LabState));
            File.Move(temporary, directory.StateFile, overwrite: true);
            _state = next;
        }
    }

    /// <summary>Takes the first free subnet for this lab, by a link that only one can make.</summary>
    /// <exception cref="LabException">All are taken.</exception>
    public LabSubnet ClaimSubnet()
    {
        for (int number = 0; number < LabSubnet.MaxLabs; number++)
        {
            try
            {
                File.CreateSymbolicLink(ClaimOf(number), directory.Name);
                Update(state => state with { Subnet = number });
                return new LabSubnet(number);
            }
            catch (IOException) when (new FileInfo(ClaimOf(number)).LinkTarget is not null)
            {
                // Another lab's.
            }
        }

        throw new LabException($"All {LabSubnet.MaxLabs} subnets are taken.", "Remove labs that are no longer needed: ambientctl lab status");
    }

    /// <summary>Deletes the lab's files and claims, its state last of all.</summary>
    public void Delete()
    {
        if (!System.IO.Directory.Exists(directory.Root))
        {
            return;
        }

        foreach (string claim in System.IO.Directory.EnumerateFileSystemEntries(directory.Root, $"{ClaimPrefix}*").ToList())
        {
            if (new FileInfo(claim).LinkTarget == directory.Name)
            {
                File.Delete(claim);
            }
        }

        DeleteFiles();
        DeleteIfEmpty(directory.Root);
        if (directory.Root == LabDirectory.DefaultRoot)
        {
            DeleteIfEmpty(Path.GetDirectoryName(directory.Root)!);
        }
    }

    /// <summary>Names of all labs that have files below <paramref name="root"/>.</summary>
    public static IReadOnlyList<string> FindLabs(string root)
    {
        var folder = new DirectoryInfo(root);
        return folder.Exists
            ? [.. folder.EnumerateDirectories().Where(entry => entry.LinkTarget is null).Select(entry => entry.Name).Order(StringComparer.Ordinal)]
            : [];
    }

    private string ClaimOf(int number) => Path.Combine(directory.Root, $"{ClaimPrefix}{number}");

    private void DeleteFiles()
    {
        var own = new DirectoryInfo(directory.Path);
        if (!own.Exists)
        {
            return;
        }

        foreach (FileSystemInfo entry in own.EnumerateFileSystemInfos().Where(entry => entry.FullName != directory.StateFile).ToList())
        {
            if (entry is DirectoryInfo folder && folder.LinkTarget is null)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }

        own.Delete(recursive: true);
    }

    private static void DeleteIfEmpty(string path)
    {
        try
        {
            System.IO.Directory.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Other labs are in it, or it is not ours to delete.
        }
    }
}
