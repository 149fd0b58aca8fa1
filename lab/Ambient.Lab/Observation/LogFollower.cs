namespace Ambient.Lab.Observation;

/// <summary>Reads what a program appends to its log from now on.</summary>
internal sealed class LogFollower(string path)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly long _begin = File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The first new line that <paramref name="wanted"/> accepts, or null when none comes in time.</summary>
    public async Task<string?> WaitForAsync(Func<string, bool> wanted, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if ((await ReadAsync(cancellationToken)).FirstOrDefault(wanted) is { } line)
            {
                return line;
            }

            if (TimeProvider.System.GetElapsedTime(begin) > Timeout)
            {
                return null;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    public async Task<string[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(_begin, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
