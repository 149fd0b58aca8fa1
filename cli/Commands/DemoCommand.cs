using System.CommandLine;
using Ambient.Lab.Demo;
using Ambient.Lab.Specs;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl demo</c>: brings a lab up and checks ten facts on real traffic.</summary>
internal static class DemoCommand
{
    public static Command Build(TextWriter output, TextWriter error)
    {
        var name = new Option<string>("--name", "-n") { Description = "Name of the lab.", DefaultValueFactory = _ => LabName.Default, HelpName = "NAME" };
        var keep = new Option<bool>("--keep") { Description = "Leave the lab running and print what to try next." };
        var ztunnel = new Option<string?>("--ztunnel") { Description = "The ztunnel program to run. Default: as for 'lab up'.", HelpName = "PATH" };
        var loopback = new Option<bool>("--loopback") { Description = "Use local ports instead of namespaces even when running as root." };
        var command = new Command("demo", "Bring a lab up and check ten facts about it, a line each. Exit code 0 only if all pass.") { name, keep, ztunnel, loopback };
        command.SetAction((parsed, cancellationToken) => new DemoRun(
            new DemoOptions(parsed.GetValue(name)!, parsed.GetValue(keep), parsed.GetValue(loopback), parsed.GetValue(ztunnel)), output, error).RunAsync(cancellationToken));
        return command;
    }
}
