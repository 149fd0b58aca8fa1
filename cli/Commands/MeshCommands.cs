using System.CommandLine;
using Ambient.Cli.Dumps;

namespace Ambient.Cli.Commands;

/// <summary>
/// <c>ambientctl workloads|services|policies|certificates|connections</c>, with the columns and short names of <c>istioctl ztunnel-config</c>
/// (control-plane-and-cni 9.1).
/// </summary>
internal static class MeshCommands
{
    public static IEnumerable<Command> Build(CommandConsole console, TimeProvider time) =>
        [Workloads(console), Services(console), Policies(console), Certificates(console, time), Connections(console)];

    private static Command Workloads(CommandConsole console)
    {
        Option<string?> home = Namespace("--workload-namespace");
        var node = new Option<string?>("--workload-node") { Description = "Only those on this node.", HelpName = "NODE" };
        var address = new Option<string?>("--address") { Description = "Only the one that has this address.", HelpName = "IP" };
        Argument<string?> name = Name("workload");
        var command = new Command("workloads", "List the workloads that a ztunnel or the control plane knows.") { name, home, node, address };
        Alias(command, "workload", "w");
        return DumpCommand.Complete(
            command,
            Dump.Workloads,
            console,
            parsed => new Filter
            {
                Name = parsed.GetValue(name),
                Namespace = parsed.GetValue(home),
                Node = parsed.GetValue(node),
                Address = parsed.GetValue(address),
            },
            (dump, filter, _) => WorkloadSection.Read(dump, filter));
    }

    private static Command Services(CommandConsole console)
    {
        Option<string?> home = Namespace("--service-namespace");
        Argument<string?> name = Name("service, or its host name");
        var command = new Command("services", "List the services that a ztunnel or the control plane knows, with their healthy endpoints.") { name, home };
        Alias(command, "service", "svc", "s");
        return DumpCommand.Complete(
            command,
            Dump.Services,
            console,
            parsed => new Filter { Name = parsed.GetValue(name), Namespace = parsed.GetValue(home) },
            (dump, filter, _) => ServiceSection.Read(dump, filter));
    }

    private static Command Policies(CommandConsole console)
    {
        Option<string?> home = Namespace("--policy-namespace");
        Argument<string?> name = Name("policy");
        var command = new Command("policies", "List the authorization policies that ztunnels enforce.") { name, home };
        Alias(command, "policy", "pol", "p");
        return DumpCommand.Complete(
            command,
            Dump.Policies,
            console,
            parsed => new Filter { Name = parsed.GetValue(name), Namespace = parsed.GetValue(home) },
            (dump, filter, _) => PolicySection.Read(dump, filter));
    }

    private static Command Certificates(CommandConsole console, TimeProvider time)
    {
        Option<string?> home = Namespace();
        Argument<string?> name = Name("service account, or the whole identity");
        var command = new Command("certificates", "List the certificates that a ztunnel holds for the workloads of its node.") { name, home };
        Alias(command, "certificate", "certs", "cert");
        return DumpCommand.Complete(
            command,
            Dump.Certificates,
            console,
            parsed => new Filter { Name = parsed.GetValue(name), Namespace = parsed.GetValue(home) },
            (dump, filter, _) => CertificateSection.Read(dump, filter with { Node = null }, time.GetUtcNow()),
            controlPlaneKnows: false);
    }

    private static Command Connections(CommandConsole console)
    {
        Option<string?> home = Namespace("--workload-namespace");
        Argument<string?> name = Name("pod");
        var direction = new Option<string?>("--direction") { Description = "Only inbound, or only outbound.", HelpName = "WAY" };
        direction.AcceptOnlyFromAmong("inbound", "outbound");
        var raw = new Option<bool>("--raw") { Description = "Addresses instead of names." };
        var command = new Command("connections", "List the live connections of the pods of a ztunnel's node.") { name, home, direction, raw };
        Alias(command, "connection", "cons");
        return DumpCommand.Complete(
            command,
            Dump.WorkloadState,
            console,
            parsed => new Filter { Name = parsed.GetValue(name), Namespace = parsed.GetValue(home), Direction = parsed.GetValue(direction) },
            (dump, filter, parsed) => ConnectionSection.Read(dump, filter with { Node = null }, parsed.GetValue(raw)),
            controlPlaneKnows: false);
    }

    private static Option<string?> Namespace(params string[] aliases) =>
        new("--namespace", ["-n", .. aliases]) { Description = "Only those of this namespace.", HelpName = "NAMESPACE" };

    private static Argument<string?> Name(string what) => new("NAME")
    {
        Description = $"Only this {what}; NAMESPACE/NAME too, and * for any letters.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static void Alias(Command command, params string[] aliases)
    {
        foreach (string alias in aliases)
        {
            command.Aliases.Add(alias);
        }
    }
}
