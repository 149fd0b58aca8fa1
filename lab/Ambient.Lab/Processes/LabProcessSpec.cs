namespace Ambient.Lab.Processes;

/// <summary>A program to run in the background, in a namespace and a control group of the lab, until the lab ends.</summary>
public sealed record LabProcessSpec(ProcessRole Role, string Owner, IReadOnlyList<string> CommandLine, string LogPath)
{
    /// <summary>Null for our own namespace.</summary>
    public string? NamespacePath { get; init; }

    /// <inheritdoc cref="ProcessRecord.Generation"/>
    public int Generation { get; init; }

    /// <summary>Directory of the control group; null for none.</summary>
    public string? Cgroup { get; init; }

    /// <summary>Added to the few names that every process of a lab gets from its starter.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
