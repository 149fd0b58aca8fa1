using System.CommandLine;
using Ambient.Cli.Commands;
using Ambient.Lab;

namespace Ambient.Cli;

/// <summary>The operator's command line: <c>lab</c>, <c>demo</c>, <c>bench</c>, and the hidden <c>probe</c> that runs inside pods.</summary>
internal static class AmbientctlApp
{
    private const int FailureCode = 1;

    /// <summary>Written by a shell for a program that an interrupt ended.</summary>
    private const int InterruptedCode = 130;

    /// <summary>Removing a half-made lab takes about a second.</summary>
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Ambient: zero-trust networking without sidecars. Runs a cluster of network namespaces on this machine.")
        {
            LabCommand.Build(output, error),
            DemoCommand.Build(output, error),
            BenchCommand.Build(output),
            ProbeCommand.Build(output),
        };
        ParseResult parsed = root.Parse(arguments);
        bool leavesSignals = parsed.CommandResult.Command.Name == LabCommand.ExecName;
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = leavesSignals ? null : CleanupTimeout,
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (LabException failure)
        {
            await error.WriteLineAsync($"ambientctl: {failure.Message}\n{failure.NextStep}");
            return FailureCode;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("ambientctl: interrupted");
            return InterruptedCode;
        }
    }
}
