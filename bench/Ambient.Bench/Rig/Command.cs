using System.Diagnostics;

namespace Ambient.Bench.Rig;

/// <summary>Runs a short program to its end.</summary>
internal static class Command
{
    /// <summary>The program's output; an <see cref="InvalidOperationException"/> with its error text when it fails.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output, string error) = await TryAsync(program, arguments);
        return exitCode == 0 ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {exitCode}: {error}{output}");
    }

    /// <summary>Exit code and text, for programs that may fail or be absent (exit code 127).</summary>
    public static async Task<(int ExitCode, string Output, string Error)> TryAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            return (127, "", absent.Message);
        }

        using (process!)
        {
            Task<string> error = process!.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output, await error);
        }
    }
}
