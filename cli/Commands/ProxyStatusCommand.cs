using System.CommandLine;
using System.Text.Json;
using Ambient.Cli.ControlPlanes;
using Ambient.Cli.Output;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl proxy-status</c> (control-plane-and-cni 9.3).</summary>
internal static class ProxyStatusCommand
{
    public static Command Build(CommandConsole console, TimeProvider time)
    {
        Option<string> controlPlane = ControlPlaneOption.Create();
        Option<string> output = OutputOption.Create();
        var command = new Command("proxy-status", "List the proxies that are connected to the control plane, the furthest behind first.") { controlPlane, output };
        command.Aliases.Add("ps");
        command.SetAction(async (parsed, cancellation) =>
        {
            using ControlPlaneClient client = ControlPlaneOption.Connect(parsed.GetValue(controlPlane)!);
            JsonElement page = await client.ReadAsync("/debug/proxies", cancellation);
            Listing listing = ProxyListing.Read(page, time.GetUtcNow());
            ListingWriter.Write(console.Output, listing, OutputOption.Parse(parsed.GetValue(output)!));
            if (listing.Items.Count == 0)
            {
                await console.Error.WriteLineAsync("No proxy is connected. Look at the log of a ztunnel, and at its XDS_ADDRESS.");
            }

            return ExitCodes.Good;
        });
        return command;
    }
}
