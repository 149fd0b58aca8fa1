using Ambient.Lab.Benchmarking.Load;

namespace Ambient.Lab.Benchmarking;

/// <summary>What <c>ambientctl bench</c> was asked for.</summary>
/// <param name="From">Pod that calls: NAME or NAMESPACE/NAME.</param>
/// <param name="To">HOST:PORT; the host is an address or a pod of the lab.</param>
public sealed record PodBenchOptions(string LabName, string From, string To)
{
    public const int MaxBlocks = 100;

    /// <summary>Of each of the two loads in each half of a block.</summary>
    public int Seconds { get; init; } = 2;

    public int Connections { get; init; } = 16;

    public int Blocks { get; init; } = 7;

    /// <summary>Null for no file.</summary>
    public string? JsonPath { get; init; }

    /// <exception cref="LabException">A value is out of its range, or the file could not be written in the end.</exception>
    public void Check()
    {
        string? fault = this switch
        {
            { Seconds: < 1 or > HttpLoadSpec.MaxSeconds } => $"--seconds must be 1 to {HttpLoadSpec.MaxSeconds}",
            { Connections: < 1 or > HttpLoadSpec.MaxConnections } => $"--connections must be 1 to {HttpLoadSpec.MaxConnections}",
            { Blocks: < 1 or > MaxBlocks } => $"--blocks must be 1 to {MaxBlocks}",
            _ => null,
        };
        if (fault is not null)
        {
            throw new LabException($"{fault}.", "See ambientctl bench --help.");
        }

        if (JsonPath is not null && (Directory.Exists(JsonPath) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(JsonPath)))))
        {
            throw new LabException($"{JsonPath} cannot be written: it is a directory, or is in one that does not exist.", "Choose another --json.");
        }
    }
}
