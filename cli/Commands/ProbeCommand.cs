using System.CommandLine;
using Ambient.Lab.Agents;
using Ambient.Lab.Benchmarking.Load;
using Ambient.Lab.ControlPlanes;
using Ambient.Lab.Probes;
using Ambient.Lab.Programs;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl probe …</c>: clients and a server for what curl and nginx cannot show. The lab runs them inside pods.</summary>
internal static class ProbeCommand
{
    public static Command Build(TextWriter output) => new("probe", "Clients and a server that the demo and the benchmark run inside pods.")
    {
        Hidden = true,
        Subcommands = { BuildServe(), BuildHalfClose(output), BuildConnections(output), BuildHttpLoad(output), BuildNodeAgent(output), BuildApiServer(output), BuildPods(output) },
    };

    private static Command BuildServe()
    {
        var port = new Option<int>("--port") { Description = "TCP port, all addresses.", Required = true };
        var command = new Command("serve", "Answer the other probes until the process is ended.") { port };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await new ProbeServer().RunAsync(parsed.GetValue(port), cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command BuildHalfClose(TextWriter output)
    {
        Option<string> server = ServerOption();
        var command = new Command("half-close", "Each side in turn stops sending first, and still gets all that the other sends.") { server };
        command.SetAction((parsed, cancellationToken) =>
            ReportAsync(output, HalfCloseProbe.RunAsync(ProbeAddress.Parse(parsed.GetValue(server)!), cancellationToken)));
        return command;
    }

    private static Command BuildConnections(TextWriter output)
    {
        Option<string> server = ServerOption();
        var count = new Option<int>("--count") { Description = "Connections open at the same moment.", DefaultValueFactory = _ => 1000 };
        var command = new Command("connections", "Open many connections, use each while all are open, close them.") { server, count };
        command.SetAction((parsed, cancellationToken) =>
            ReportAsync(output, ConnectionsProbe.RunAsync(ProbeAddress.Parse(parsed.GetValue(server)!), parsed.GetValue(count), cancellationToken)));
        return command;
    }

    private static Command BuildHttpLoad(TextWriter output)
    {
        var server = new Option<string>("--server") { Description = "ADDRESS:PORT of an HTTP/1.1 server.", Required = true };
        var mode = new Option<HttpLoadMode>("--mode") { Description = "What an operation is." };
        var connections = new Option<int>("--connections") { Description = "Connections in use at the same moment.", DefaultValueFactory = _ => 1 };
        var seconds = new Option<double>("--seconds") { Description = "Time that counts.", DefaultValueFactory = _ => 1 };
        var command = new Command("http-load", "Requests in a closed loop; the result is a line of JSON.") { server, mode, connections, seconds };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var spec = new HttpLoadSpec(ProbeAddress.Parse(parsed.GetValue(server)!), parsed.GetValue(mode))
            {
                Connections = parsed.GetValue(connections),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            };
            await output.WriteLineAsync(HttpLoadJson.Write(await HttpLoad.RunAsync(spec, cancellationToken)));
            return 0;
        });
        return command;
    }

    private static Command BuildNodeAgent(TextWriter output)
    {
        var socket = new Option<string>("--socket") { Description = "Path of the socket that ztunnel connects to.", Required = true };
        var pods = new Option<string>("--pods") { Description = "List of the node's pods; watched.", Required = true };
        var command = new Command("node-agent", "Tell a ztunnel of the pods of a list until the process is ended.") { socket, pods };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var agent = new NodeAgent(parsed.GetValue(socket)!, parsed.GetValue(pods)!, output.WriteLine);
            await agent.RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command BuildApiServer(TextWriter output)
    {
        var manifests = new Option<string>("--manifests") { Description = "Folder of YAML; followed.", Required = true };
        var command = new Command("api-server", "Serve the objects of a folder, and what clients write, until the process is ended.") { manifests };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await ApiServerProcess.RunAsync(parsed.GetValue(manifests)!, output.WriteLine, cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command BuildPods(TextWriter output)
    {
        var count = new Option<int>("--count") { Description = $"Pods, 1 to {PodsProbe.MaxPods}.", DefaultValueFactory = _ => 250 };
        var ztunnel = new Option<string?>("--ztunnel") { Description = "The ztunnel program to measure.", HelpName = "PATH" };
        var command = new Command("pods", "Memory and time that many empty pods cost one ztunnel. Needs root.") { count, ztunnel };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int pods = Math.Clamp(parsed.GetValue(count), 1, PodsProbe.MaxPods);
            PodsProbeResult result = await new PodsProbe(ZtunnelProgram.Find(parsed.GetValue(ztunnel)), pods).RunAsync(cancellationToken);
            await output.WriteLineAsync(result.ToString());
            return result.FirstError.Length == 0 ? 0 : 1;
        });
        return command;
    }

    private static async Task<int> ReportAsync(TextWriter output, Task<ProbeResult> probe)
    {
        ProbeResult result = await probe;
        await output.WriteLineAsync(result.Text);
        return result.Passed ? 0 : 1;
    }

    private static Option<string> ServerOption() => new("--server") { Description = "ADDRESS:PORT of a probe server.", Required = true };
}
