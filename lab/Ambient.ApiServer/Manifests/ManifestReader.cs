namespace Ambient.ApiServer.Manifests;

/// <summary>Knows the last good content of each file of a folder.</summary>
internal sealed class ManifestReader(ManifestFolderOptions options)
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    private readonly SortedDictionary<string, KnownFile> _files = new(StringComparer.Ordinal);

    /// <summary>All objects of all files, each once.</summary>
    /// <param name="touched">Files that were heard to change: read whatever their time says.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public IReadOnlyList<ManifestObject> Read(IReadOnlySet<string> touched, List<string> errors)
    {
        if (Scan(errors) is { } found)
        {
            foreach (string gone in _files.Keys.Except(found.Keys, StringComparer.Ordinal).ToArray())
            {
                _files.Remove(gone);
            }

            foreach ((string path, FileInfo file) in found)
            {
                Update(path, file, touched.Contains(path));
            }
        }

        errors.AddRange(_files.Values.Select(file => file.Error).OfType<string>());
        return Distinct(errors);
    }

    private SortedDictionary<string, FileInfo>? Scan(List<string> errors)
    {
        EnumerationOptions how = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, MaxRecursionDepth = 20 };
        try
        {
            SortedDictionary<string, FileInfo> found = new(StringComparer.Ordinal);
            foreach (FileInfo file in new DirectoryInfo(options.Folder).EnumerateFiles("*", how).Where(IsManifest))
            {
                if (found.Count == options.MaxFiles)
                {
                    errors.Add($"{options.Folder} has more than {options.MaxFiles} manifests; put several objects into one file. What was read before stays in force");
                    return null;
                }

                found.Add(file.FullName, file);
            }

            return found;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{options.Folder} cannot be read: {error.Message}; make it readable again. What was read before stays in force");
            return null;
        }
    }

    // A mounted ConfigMap keeps its versions in folders whose names begin with two dots.
    private bool IsManifest(FileInfo file) =>
        Endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase)
        && Path.GetRelativePath(options.Folder, file.FullName).Split(Path.DirectorySeparatorChar).All(part => part[0] != '.');

    private void Update(string path, FileInfo file, bool isTouched)
    {
        KnownFile? known = _files.GetValueOrDefault(path);
        (DateTime, long) stamp = default;
        try
        {
            // Of a link, what it points to.
            FileInfo target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            stamp = (target.LastWriteTimeUtc, target.Length);
            if (known is not null && known.Stamp == stamp && !isTouched)
            {
                return;
            }

            if (target.Length > options.MaxFileBytes)
            {
                throw new ManifestException($"{Name(path)}: the file has more than {options.MaxFileBytes} bytes; split it");
            }

            _files[path] = new KnownFile(stamp, ManifestFile.Read(File.ReadAllBytes(path), Name(path)), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ManifestException)
        {
            string message = error is ManifestException ? error.Message : $"{Name(path)}:1: {error.Message}; make it readable. What it said before stays in force";
            _files[path] = new KnownFile(stamp, known?.Objects ?? [], message);
        }
    }

    private string Name(string path) => Path.GetRelativePath(options.Folder, path);

    private List<ManifestObject> Distinct(List<string> errors)
    {
        Dictionary<(string, string, string, string), ManifestObject> known = [];
        List<ManifestObject> objects = [];
        foreach (ManifestObject value in _files.Values.SelectMany(file => file.Objects))
        {
            if (known.TryAdd(value.Identity, value))
            {
                objects.Add(value);
            }
            else
            {
                errors.Add($"{value.Place}: {value.Kind} {value.Name} is in {known[value.Identity].Place} already, which is in force; remove one of them");
            }
        }

        return objects;
    }

    private sealed record KnownFile((DateTime, long) Stamp, IReadOnlyList<ManifestObject> Objects, string? Error);
}
