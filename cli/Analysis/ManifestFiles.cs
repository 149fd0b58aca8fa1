using Ambient.Cli.Text;

namespace Ambient.Cli.Analysis;

/// <summary>Finds and reads the files to analyze.</summary>
internal static class ManifestFiles
{
    public const string StandardInput = "-";

    private const int MaxFiles = 10_000;
    private const long MaxFileBytes = 64 << 20;

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>The files that a path names: itself, or those below a folder, in order.</summary>
    /// <exception cref="CommandException">There are none.</exception>
    public static IReadOnlyList<string> Find(string path)
    {
        if (path == StandardInput || File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new CommandException($"there is no file or folder {Printable.Of(path)}", "Name a YAML or JSON file, a folder of them, or - for standard input.");
        }

        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Take(MaxFiles + 1)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{Printable.Of(path)} cannot be read: {failure.Message}", "Analyze its files one by one.");
        }

        if (files.Length is 0 or > MaxFiles)
        {
            throw new CommandException(
                files.Length == 0 ? $"no .yaml, .yml or .json file is below {Printable.Of(path)}" : $"more than {MaxFiles} files are below {Printable.Of(path)}",
                "Name a folder that holds the manifests.");
        }

        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <exception cref="CommandException">It cannot be read.</exception>
    public static async Task<string> ReadAsync(string path, TextReader input, CancellationToken cancellation)
    {
        if (path == StandardInput)
        {
            return await input.ReadToEndAsync(cancellation);
        }

        try
        {
            return new FileInfo(path).Length <= MaxFileBytes
                ? await File.ReadAllTextAsync(path, cancellation)
                : throw new CommandException($"{Printable.Of(path)} is larger than {MaxFileBytes >> 20} MiB", "Split it.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{Printable.Of(path)} cannot be read: {failure.Message}", "Check the path and who may read it.");
        }
    }
}
