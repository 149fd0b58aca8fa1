namespace Ambient.Redirection.Commands;

/// <summary>
/// One run of an external program, which is looked up in PATH and in the system directories. Arguments go to the program
/// as they are, never through a shell.
/// </summary>
public sealed record ProgramCommand(string Program, params IReadOnlyList<string> Arguments)
{
    private const int LongestArgumentShown = 200;

    /// <summary>Fed to the program's standard input, which is then closed.</summary>
    public string Input { get; init; } = "";

    /// <summary>Path of the network namespace to run in; null for our own.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>The program is killed when it takes longer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public override string ToString()
    {
        IEnumerable<string> words = NetworkNamespace is null ? [Program] : ["nsenter", $"--net={NetworkNamespace}", "--", Program];
        return string.Join(' ', words.Concat(Arguments).Select(word => word.Length > LongestArgumentShown ? "…" : word));
    }
}
