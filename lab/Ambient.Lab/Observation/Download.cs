using System.Diagnostics;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Observation;

/// <summary>A running curl.</summary>
internal sealed class Download : IDisposable
{
    private readonly Process _process;

    private Download(Process process) => _process = process;

    public Stream Body => _process.StandardOutput.BaseStream;

    public static Download Start(ProgramCommand command)
    {
        var process = new Process { StartInfo = ProgramRunner.BuildStartInfo(command) };
        process.Start();
        process.StandardInput.Close();
        return new Download(process);
    }

    /// <summary>Reads the body to its end, and returns how many bytes came and curl's exit code.</summary>
    public async Task<(long Bytes, int ExitCode, string Error)> FinishAsync(Func<ReadOnlyMemory<byte>, ValueTask>? onBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[256 * 1024];
        long bytes = 0;
        int read;
        while ((read = await Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes += read;
            if (onBytes is not null)
            {
                await onBytes(buffer.AsMemory(0, read));
            }
        }

        string error = await _process.StandardError.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (bytes, _process.ExitCode, error.Trim());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
