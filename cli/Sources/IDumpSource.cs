namespace Ambient.Cli.Sources;

/// <summary>Where the text of a configuration dump comes from.</summary>
internal interface IDumpSource
{
    /// <summary>What it is, for messages.</summary>
    string Description { get; }

    /// <exception cref="CommandException">It cannot be had.</exception>
    Task<byte[]> ReadAsync(CancellationToken cancellation);
}
