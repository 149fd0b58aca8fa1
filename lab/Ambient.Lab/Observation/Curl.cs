using Ambient.Redirection.Commands;

namespace Ambient.Lab.Observation;

/// <summary>Runs curl in a namespace.</summary>
internal sealed class Curl(string? namespacePath)
{
    private static readonly ProgramRunner Programs = new();

    /// <summary>Each attempt is a process: more of them would take the processor from what is being waited for.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(40);

    /// <summary>One request on a connection of its own.</summary>
    public async Task<CurlResult> GetAsync(string url, CancellationToken cancellationToken, params IReadOnlyList<string> options)
    {
        ProgramCommand command = Command(["-g", "--max-time", "10", "-w", CurlResult.Format, .. options, url]);
        return CurlResult.Parse(await Programs.RunAsync(command, cancellationToken));
    }

    /// <summary>Repeats the request until <paramref name="wanted"/> holds; the last result, and the seconds since <paramref name="since"/>.</summary>
    public async Task<(CurlResult Last, double Seconds)> PollAsync(
        string url, long since, Func<CurlResult, bool> wanted, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            CurlResult result = await GetAsync(url, cancellationToken, "--max-time", "1");
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(since);
            if (wanted(result) || elapsed > timeout)
            {
                return (result, elapsed.TotalSeconds);
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Starts a download whose body the caller reads.</summary>
    public Download Start(string url, params IReadOnlyList<string> options) => Download.Start(Command([.. options, url]));

    private ProgramCommand Command(IReadOnlyList<string> arguments) =>
        new("curl", ["-q", "-sS", "--noproxy", "*", .. arguments]) { NetworkNamespace = namespacePath };
}
