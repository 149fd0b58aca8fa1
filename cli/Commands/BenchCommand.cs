using System.CommandLine;
using System.Runtime.InteropServices;
using Ambient.Lab;
using Ambient.Lab.Benchmarking;
using Ambient.Lab.Specs;
using Ambient.Lab.State;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl bench</c>: an endpoint measured from a pod, enrolled against not enrolled.</summary>
internal static class BenchCommand
{
    private static readonly PodBenchOptions Defaults = new(LabName.Default, "", "");

    public static Command Build(TextWriter output)
    {
        var name = new Option<string>("--name", "-n") { Description = "Name of the running lab.", DefaultValueFactory = _ => LabName.Default, HelpName = "LAB" };
        var from = new Option<string>("--from") { Description = "Enrolled pod that calls, which is out of the mesh for half of the time.", Required = true, HelpName = "POD" };
        var to = new Option<string>("--to") { Description = "HTTP/1.1 endpoint; the host is a pod of the lab or an address.", Required = true, HelpName = "HOST:PORT" };
        var seconds = new Option<int>("--seconds") { Description = "Length of each of the four loads of a block.", DefaultValueFactory = _ => Defaults.Seconds, HelpName = "N" };
        var connections = new Option<int>("--connections") { Description = "Connections in use at the same moment.", DefaultValueFactory = _ => Defaults.Connections, HelpName = "N" };
        var blocks = new Option<int>("--blocks") { Description = "How often the comparison is repeated.", DefaultValueFactory = _ => Defaults.Blocks, HelpName = "N" };
        var json = new Option<string?>("--json") { Description = "Write the figures there too.", HelpName = "PATH" };
        var command = new Command("bench", "Measure HTTP requests and new connections from a pod, enrolled against not enrolled.") { name, from, to, seconds, connections, blocks, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new PodBenchOptions(parsed.GetValue(name)!, parsed.GetValue(from)!, parsed.GetValue(to)!)
            {
                Seconds = parsed.GetValue(seconds),
                Connections = parsed.GetValue(connections),
                Blocks = parsed.GetValue(blocks),
                JsonPath = parsed.GetValue(json),
            },
            output,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(PodBenchOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A closed terminal must not leave the pod out of the mesh either.
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            ended.Cancel();
        });
        PodBenchReport report = await PodBench.RunAsync(options, LabDirectory.DefaultRoot, output.WriteLine, ended.Token);
        await output.WriteAsync($"\n{PodBenchText.Write(report)}");
        if (options.JsonPath is { } path)
        {
            await WriteJsonAsync(path, report);
        }

        return 0;
    }

    private static async Task WriteJsonAsync(string path, PodBenchReport report)
    {
        try
        {
            await File.WriteAllTextAsync(path, $"{PodBenchJson.Write(report)}\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{path} could not be written: {failure.Message}", "The figures are above; choose another --json.");
        }
    }
}
