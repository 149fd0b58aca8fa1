using System.CommandLine;
using Ambient.Cli.Commands;
using Ambient.Cli.Text;
using Ambient.Lab;

namespace Ambient.Cli;

/// <summary>
/// The operator's command line: what a mesh is and whether it is as it should be, the lab on one machine, and the hidden <c>probe</c> that
/// runs inside pods.
/// </summary>
internal static class AmbientctlApp
{
    private const int FailureCode = 1;

    /// <summary>Written by a shell for a program that an interrupt ended.</summary>
    private const int InterruptedCode = 130;

    /// <summary>Removing a half-made lab takes about a second.</summary>
    private static readonly TimeSpan CleanupTimeout = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] arguments, CommandConsole console, TimeProvider time)
    {
        ParseResult parsed = Build(console, time).Parse(arguments);
        bool leavesSignals = parsed.CommandResult.Command.Name == LabCommand.ExecName;
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = leavesSignals ? null : CleanupTimeout,
            Output = console.Output,
            Error = console.Error,
        };
        try
        {
            int code = await parsed.InvokeAsync(invocation);
            return parsed.Errors.Count > 0 && code != 0 ? ExitCodes.Unusable : code;
        }
        catch (CommandException failure)
        {
            await console.Error.WriteLineAsync($"ambientctl: {Printable.Of(failure.Message)}\n{failure.NextStep}");
            return ExitCodes.Unusable;
        }
        catch (LabException failure)
        {
            await console.Error.WriteLineAsync($"ambientctl: {failure.Message}\n{failure.NextStep}");
            return FailureCode;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("ambientctl: interrupted");
            return InterruptedCode;
        }
    }

    private static RootCommand Build(CommandConsole console, TimeProvider time)
    {
        var root = new RootCommand("Ambient: zero-trust networking without sidecars. Looks at a mesh, and runs a cluster of network namespaces on this machine.");
        foreach (Command command in MeshCommands.Build(console, time))
        {
            root.Add(command);
        }

        root.Add(ProxyStatusCommand.Build(console, time));
        root.Add(WaitCommand.Build(console, time));
        root.Add(AnalyzeCommand.Build(console));
        root.Add(LabCommand.Build(console.Output, console.Error));
        root.Add(DemoCommand.Build(console.Output, console.Error));
        root.Add(BenchCommand.Build(console.Output));
        root.Add(CompletionCommand.Build(console));
        root.Add(ProbeCommand.Build(console.Output));
        HelpWithExamples.Use(root, console.Output);
        return root;
    }
}
