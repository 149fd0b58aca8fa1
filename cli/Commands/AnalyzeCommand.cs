using System.CommandLine;
using System.Text.Json;
using Ambient.Cli.Analysis;
using Ambient.Cli.ControlPlanes;
using Ambient.Cli.Dumps;
using Ambient.Cli.Output;
using Ambient.Cli.Text;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl analyze</c>: what of manifests, or of a cluster, the mesh would not honour.</summary>
internal static class AnalyzeCommand
{
    public static Command Build(CommandConsole console)
    {
        var files = new Option<string[]>("--filename", "-f")
        {
            Description = "YAML or JSON files, or folders of them, or - for standard input; no cluster is needed. Without it, the control plane is asked.",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> controlPlane = ControlPlaneOption.Create();
        Option<string> output = OutputOption.Create();
        var command = new Command("analyze", "Say what of the objects of a mesh has no effect, why, and what to do. Exit code 0: nothing; 1: something; 2: it cannot be read.")
        {
            files, controlPlane, output,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            OutputFormat format = OutputOption.Parse(parsed.GetValue(output)!);
            return parsed.GetValue(files) is { Length: > 0 } paths
                ? await AnalyzeFilesAsync(paths, format, console, cancellation)
                : Report(await AskAsync(parsed.GetValue(controlPlane)!, cancellation), format, console, "the control plane honours every object");
        });
        return command;
    }

    private static async Task<int> AnalyzeFilesAsync(string[] paths, OutputFormat format, CommandConsole console, CancellationToken cancellation)
    {
        ManifestReader reader = new();
        bool allRead = true;
        foreach (string path in paths.SelectMany(ManifestFiles.Find))
        {
            try
            {
                reader.Read(path == ManifestFiles.StandardInput ? "stdin" : path, await ManifestFiles.ReadAsync(path, console.Input, cancellation));
            }
            catch (CommandException failure)
            {
                // The rest is looked at all the same: one run shows every broken file.
                allRead = false;
                await console.Error.WriteLineAsync($"ambientctl: {Printable.Of(failure.Message)}\n{failure.NextStep}");
            }
        }

        string others = reader.Others == 0 ? "" : $"; {reader.Others} of other kinds are not looked at";
        int code = Report(ManifestAnalysis.Run(reader), format, console, $"{reader.Objects.Count} objects, all honoured{others}");
        return allRead ? code : ExitCodes.Unusable;
    }

    private static async Task<IReadOnlyList<Remark>> AskAsync(string address, CancellationToken cancellation)
    {
        using ControlPlaneClient client = ControlPlaneOption.Connect(address);
        JsonElement page = await client.ReadAsync("/debug/findings", cancellation);
        return [.. page.Items("findings").Select(finding => new Remark(
            finding.Text("level") == "error", finding.Text("code"), NameOf(finding), "", finding.Text("message")))];
    }

    private static string NameOf(JsonElement finding)
    {
        string home = finding.Text("namespace");
        return home.Length == 0 ? $"{finding.Text("kind")} {finding.Text("name")}" : $"{finding.Text("kind")} {home}/{finding.Text("name")}";
    }

    private static int Report(IReadOnlyList<Remark> remarks, OutputFormat format, CommandConsole console, string good)
    {
        RemarkWriter.Write(console.Output, remarks, format);
        if (remarks.Count == 0)
        {
            console.Error.WriteLine($"Nothing found: {good}.");
        }

        return remarks.Count == 0 ? ExitCodes.Good : ExitCodes.Found;
    }
}
