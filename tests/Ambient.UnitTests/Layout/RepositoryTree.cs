using System.Runtime.CompilerServices;

namespace Ambient.UnitTests.Layout;

/// <summary>The checked-out source tree that the layout tests read.</summary>
internal static class RepositoryTree
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> SourceFiles =>
        Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories).Where(IsOurs).Order(StringComparer.Ordinal);

    public static IEnumerable<string> ProjectFiles =>
        Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Where(IsOurs).Order(StringComparer.Ordinal);

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static bool IsOurs(string path)
    {
        string relative = Relative(path);
        return !relative.StartsWith("artifacts/", StringComparison.Ordinal) && !relative.Contains("/obj/", StringComparison.Ordinal);
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        DirectoryInfo? folder = new FileInfo(thisFile).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ambient.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Ambient.sln above {thisFile}");
    }
}
