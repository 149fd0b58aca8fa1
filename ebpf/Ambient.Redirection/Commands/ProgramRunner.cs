using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ambient.Redirection.Commands;

/// <summary>Starts programs as child processes, inside a network namespace by way of <c>nsenter</c>.</summary>
public sealed class ProgramRunner : IProgramRunner
{
    public const int MaxOutputChars = 4 << 20;

    private const int NoSuchFile = 2;
    private const int NotFoundByNsenter = 127;

    public async Task<ProgramResult> RunAsync(ProgramCommand command, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var process = new Process { StartInfo = BuildStartInfo(command) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure) when (failure.NativeErrorCode == NoSuchFile)
        {
            return new ProgramResult(ProgramOutcome.NotFound, NotFoundByNsenter, "", $"{process.StartInfo.FileName}: not found");
        }

        deadline.CancelAfter(command.Timeout);
        try
        {
            return await FinishAsync(process, command, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            KillIfRunning(process);
            cancellationToken.ThrowIfCancellationRequested();
            return new ProgramResult(ProgramOutcome.TimedOut, -1, "", $"{command.Program} did not end within {command.Timeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>The start of <paramref name="command"/> as a child of this process, all three standard streams redirected.</summary>
    public static ProcessStartInfo BuildStartInfo(ProgramCommand command)
    {
        var start = new ProcessStartInfo
        {
            FileName = command.NetworkNamespace is null ? command.Program : "nsenter",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (command.NetworkNamespace is { } path)
        {
            start.ArgumentList.Add($"--net={path}");
            start.ArgumentList.Add("--");
            start.ArgumentList.Add(command.Program);
        }

        foreach (string argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment["PATH"] = SystemPath.Value;
        return start;
    }

    private static async Task<ProgramResult> FinishAsync(Process process, ProgramCommand command, CancellationToken cancellationToken)
    {
        Task<string> output = ReadAsync(process.StandardOutput, cancellationToken);
        Task<string> error = ReadAsync(process.StandardError, cancellationToken);
        await FeedAsync(process.StandardInput, command.Input, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        string said = await error;
        bool missing = process.ExitCode == NotFoundByNsenter && command.NetworkNamespace is not null;
        return new ProgramResult(missing ? ProgramOutcome.NotFound : ProgramOutcome.Exited, process.ExitCode, await output, said);
    }

    private static async Task FeedAsync(StreamWriter input, string text, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(text.AsMemory(), cancellationToken);
            input.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it; its exit code says why.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        char[] buffer = new char[8192];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            text.Append(buffer, 0, Math.Min(read, MaxOutputChars - text.Length));
        }

        return text.ToString();
    }

    private static void KillIfRunning(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
