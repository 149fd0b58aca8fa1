namespace Ambient.Redirection.Commands;

/// <summary>PATH with the directories of system programs, which a user's PATH often lacks.</summary>
public static class SystemPath
{
    public static string Value { get; } = Build(Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Full path of a program, or null when no directory of <see cref="Value"/> holds it.</summary>
    public static string? Find(string program) =>
        Value.Split(':').Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    internal static string Build(string? path)
    {
        string[] own = string.IsNullOrEmpty(path) ? [] : path.Split(':', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(':', own.Concat(["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]).Distinct());
    }
}
