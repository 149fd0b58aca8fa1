using System.Globalization;
using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.Programs;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Benchmarking;

/// <summary>Runs <see cref="HttpLoad"/> inside a pod, as a process of its own.</summary>
internal sealed class PodProbe(string namespacePath, IProgramRunner programs)
{
    /// <summary>Beyond the load itself: the start of the process on a busy machine, connections that time out, and the grace at the end.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <exception cref="LabException">The probe could not be run. What it saw is in the result, errors too.</exception>
    public async Task<HttpLoadResult> RunAsync(HttpLoadSpec spec, CancellationToken cancellationToken)
    {
        var command = new ProgramCommand(
            OwnProgram.Path,
            "probe", "http-load",
            "--server", $"{spec.Target}",
            "--mode", $"{spec.Mode}",
            "--connections", $"{spec.Connections}",
            "--seconds", spec.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture))
        {
            NetworkNamespace = namespacePath,
            Timeout = spec.WarmUp + spec.Duration + Slack,
        };
        ProgramResult result = await programs.RunAsync(command, cancellationToken);
        return (result.Succeeded ? HttpLoadJson.Read(result.StandardOutput) : null)
            ?? throw new LabException(
                $"The load client ended with {result.ExitCode}: {result.StandardError.Trim()}", $"Repeat it by hand to see more: {command}");
    }
}
