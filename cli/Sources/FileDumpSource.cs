using System.Text;

namespace Ambient.Cli.Sources;

/// <summary>A dump that was kept in a file, or comes from standard input.</summary>
internal sealed class FileDumpSource(string path, TextReader input) : IDumpSource
{
    public string Description => path == "-" ? "standard input" : path;

    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return path == "-" ? Encoding.UTF8.GetBytes(await input.ReadToEndAsync(cancellation)) : await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"{Description} cannot be read: {failure.Message}", "Keep a dump with: curl -s http://localhost:15000/config_dump > dump.json");
        }
    }
}
