using System.CommandLine;
using System.CommandLine.Completions;
using Ambient.Cli.ControlPlanes;
using Ambient.Cli.Text;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Translation;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl wait</c>: until what an object says is in force on every proxy.</summary>
internal static class WaitCommand
{
    private const int DefaultSeconds = 30;
    private const int MaxSeconds = 24 * 3600;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static Command Build(CommandConsole console, TimeProvider time)
    {
        var target = new Argument<string>("KIND/NAME") { Description = "The object, such as authorizationpolicy/deny-all." };
        target.CompletionSources.Add(_ => ObjectKindNames.All.Select(kind => new CompletionItem($"{kind.ToLowerInvariant()}/")));
        var home = new Option<string?>("--namespace", "-n") { Description = "Its namespace. Default: default.", HelpName = "NAMESPACE" };
        var timeout = new Option<int>("--timeout") { Description = "Seconds to wait.", DefaultValueFactory = _ => DefaultSeconds, HelpName = "SECONDS" };
        timeout.Validators.Add(result =>
        {
            // A value that is no number has its own error.
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int seconds) && seconds is < 0 or > MaxSeconds)
            {
                result.AddError($"--timeout must be from 0 to {MaxSeconds} seconds");
            }
        });
        var generation = new Option<long>("--generation") { Description = "Wait for this metadata.generation of it, or a later one.", HelpName = "N" };
        Option<string> controlPlane = ControlPlaneOption.Create();
        var command = new Command("wait", "Wait until an object is in force on every connected proxy. Exit code 0: it is; 1: not in time; 2: wrong use.")
        {
            target, home, timeout, generation, controlPlane,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            ObjectKey key = ObjectName.Parse(parsed.GetValue(target)!, parsed.GetValue(home));
            using ControlPlaneClient client = ControlPlaneOption.Connect(parsed.GetValue(controlPlane)!);
            var wait = new LiveWait(client, key, parsed.GetValue(generation), console, time);
            return await wait.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(timeout)), Pause, cancellation);
        });
        return command;
    }
}
