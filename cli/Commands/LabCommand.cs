using System.CommandLine;
using System.CommandLine.Parsing;
using Ambient.Lab;
using Ambient.Lab.Plans;
using Ambient.Lab.Revocation;
using Ambient.Lab.Scaling;
using Ambient.Lab.Specs;
using Ambient.Lab.State;
using Ambient.Lab.Upgrades;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl lab up|down|status|upgrade|scale|revoke|exec</c>.</summary>
internal static class LabCommand
{
    /// <summary>The command that leaves signals to the program it runs.</summary>
    public const string ExecName = "exec";

    private const int NoSuchLabCode = 3;

    private static readonly Dictionary<string, LabScenario> Scenarios = new(StringComparer.Ordinal)
    {
        ["default"] = LabScenario.Default,
        ["waypoint"] = LabScenario.Waypoint,
        ["two-networks"] = LabScenario.TwoNetworks,
    };

    public static Command Build(TextWriter output, TextWriter error) => new(
        "lab", "A cluster on this machine: nodes and pods are network namespaces, with a real ztunnel on each node. Needs root.")
    {
        BuildUp(output, error),
        BuildDown(output),
        BuildStatus(output, error),
        BuildUpgrade(output),
        BuildScale(output),
        BuildRevoke(output),
        BuildExec(),
    };

    private static Command BuildUp(TextWriter output, TextWriter error)
    {
        Option<string> name = NameOption();
        var ztunnel = new Option<string?>("--ztunnel") { Description = "The ztunnel program to run. Default: AMBIENT_ZTUNNEL, else the one built beside ambientctl.", HelpName = "PATH" };
        var plain = new Option<bool>("--plain") { Description = "Network and workloads only: no ztunnel, no redirection." };
        var agents = new Option<bool>("--agents") { Description = "Node agents tell each ztunnel of its pods, as in a cluster; without, it reads them from a file." };
        var scenario = new Option<LabScenario>("--scenario") { Description = "default; waypoint: one in front of web; two-networks: the nodes are on two, with a gateway between.", HelpName = "SCENARIO", CustomParser = ParseScenario };
        var files = new Option<bool>("--files") { Description = "Each ztunnel reads the mesh from a file: no control plane, no API server. So it is for the other scenarios." };
        var controlPlane = new Option<string?>("--control-plane") { Description = "The control-plane program to run. Default: AMBIENT_CONTROL_PLANE, else the one built beside ambientctl.", HelpName = "PATH" };
        var command = new Command("up", "Bring a lab up: a control plane, and two nodes with pods of which two are not enrolled.") { name, ztunnel, plain, agents, scenario, files, controlPlane };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string lab = parsed.GetValue(name)!;
            var options = new LabOptions
            {
                Ztunnel = parsed.GetValue(ztunnel),
                ControlPlane = parsed.GetValue(controlPlane),
                WithMesh = !parsed.GetValue(plain),
                WithAgents = parsed.GetValue(agents),
                Report = output.WriteLine,
            };
            bool hasControlPlane = options.WithMesh && !parsed.GetValue(files) && parsed.GetValue(scenario) == LabScenario.Default;
            await UpAsync(options, hasControlPlane ? StoreLab.Build(lab) : LabSpec.Of(parsed.GetValue(scenario), lab), error, cancellationToken);
            await output.WriteLineAsync();
            await WriteStatusAsync(lab, output, cancellationToken);
            await output.WriteLineAsync($"\nTry:  {string.Join("\n      ", NextSteps(lab))}");
            return 0;
        });
        return command;
    }

    private static async Task UpAsync(LabOptions options, LabSpec spec, TextWriter error, CancellationToken cancellationToken)
    {
        var directory = new LabDirectory(options.Root, spec.Name);
        bool existed = File.Exists(directory.StateFile);
        try
        {
            await new LabBuilder(options).BuildAsync(spec, cancellationToken);
        }
        catch (Exception failure) when (!existed && File.Exists(directory.StateFile) && failure is LabException or OperationCanceledException)
        {
            await error.WriteLineAsync("ambientctl: removing what was made so far");
            await new LabRemover(options).RemoveAsync(spec.Name, CancellationToken.None);
            throw;
        }
    }

    private static Command BuildDown(TextWriter output)
    {
        Option<string> name = NameOption();
        var command = new Command("down", "Remove a lab: processes, namespaces, control groups and files. Also after a crash of 'up'.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string lab = parsed.GetValue(name)!;
            bool existed = await new LabRemover(new LabOptions()).RemoveAsync(lab, cancellationToken);
            await output.WriteLineAsync(existed ? $"lab {lab} is gone" : $"there is no lab {lab}");
            return 0;
        });
        return command;
    }

    private static Command BuildStatus(TextWriter output, TextWriter error)
    {
        var name = new Option<string?>("--name", "-n") { Description = "Name of the lab. Default: all labs.", HelpName = "NAME" };
        var command = new Command("status", "Show nodes, pods, addresses, and whether each ztunnel is ready. Exit code 3 when there is no such lab.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? wanted = parsed.GetValue(name);
            IReadOnlyList<string> labs = wanted is null ? LabStore.FindLabs(LabDirectory.DefaultRoot) : [wanted];
            bool found = false;
            foreach (string lab in labs)
            {
                found |= await WriteStatusAsync(lab, output, cancellationToken);
            }

            if (!found)
            {
                await error.WriteLineAsync(wanted is null ? "there is no lab" : $"there is no lab {wanted}");
            }

            return found ? 0 : NoSuchLabCode;
        });
        return command;
    }

    private static Command BuildUpgrade(TextWriter output)
    {
        Option<string> name = NameOption();
        var ztunnel = new Option<string?>("--ztunnel") { Description = "The ztunnel program to upgrade to. Default: the same as 'up'.", HelpName = "PATH" };
        var node = new Option<string?>("--node") { Description = "Only this node. Default: all, one after the other.", HelpName = "NODE" };
        var command = new Command("upgrade", "Replace each ztunnel under traffic: a new one comes up beside it, then the old one drains. Exit code 0 only if nothing is lost.") { name, ztunnel, node };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new LabOptions { Ztunnel = parsed.GetValue(ztunnel), Report = output.WriteLine };
            IReadOnlyList<UpgradeResult> results = await LabUpgrade.RunAsync(options, parsed.GetValue(name)!, parsed.GetValue(node), cancellationToken);
            return results.All(result => result.IsLossless && result.IsCutNamed) ? 0 : 1;
        });
        return command;
    }

    private static Command BuildScale(TextWriter output)
    {
        Option<string> name = NameOption();
        var replicas = new Argument<int>("PODS") { Description = $"Pods behind the service {StoreLab.Store}, {StoreLab.MinReplicas} to {StoreLab.MaxReplicas}." };
        var command = new Command("scale", "Make the pods behind a service more or fewer, as a cluster does: what is removed first gets no new connections.") { name, replicas };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await LabScale.Open(new LabOptions(), parsed.GetValue(name)!).RunAsync(parsed.GetValue(replicas), cancellationToken);
            await output.WriteLineAsync($"{StoreLab.Store} has {parsed.GetValue(replicas)} pods");
            return 0;
        });
        return command;
    }

    private static Command BuildRevoke(TextWriter output)
    {
        Option<string> name = NameOption();
        var pod = new Argument<string>("POD") { Description = "Name of an enrolled pod, or NAMESPACE/NAME." };
        var command = new Command("revoke", "Revoke the certificate of a pod: its connections end within seconds, and it makes no new ones with it.") { name, pod };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RunningLab lab = RunningLab.Open(new LabOptions(), parsed.GetValue(name)!);
            PodPlan found = lab.Plan.FindPod(parsed.GetValue(pod)!)
                ?? throw new LabException($"There is no pod {parsed.GetValue(pod)}.", $"The lab has {string.Join(", ", lab.Plan.Pods.Select(known => known.Spec.Name))}.");
            await output.WriteLineAsync($"revoked {await LabRevocation.RevokeAsync(lab, found, cancellationToken)} of {found.Spec.Name} in {lab.Directory.RevocationList}");
            return 0;
        });
        return command;
    }

    private static Command BuildExec()
    {
        Option<string> name = NameOption();
        var pod = new Argument<string>("POD") { Description = "Name of a pod, or NAMESPACE/NAME." };
        var words = new Argument<string[]>("CMD") { Description = "Command and its arguments.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(ExecName, "Run a command inside a pod: ambientctl lab exec curl -- curl -s http://ADDRESS/. Its exit code is kept.") { name, pod, words };
        command.SetAction((parsed, _) => LabExec.RunAsync(
            new LabDirectory(LabDirectory.DefaultRoot, parsed.GetValue(name)!), parsed.GetValue(pod)!, parsed.GetValue(words)!));
        return command;
    }

    private static async Task<bool> WriteStatusAsync(string lab, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? lines = await LabStatus.DescribeAsync(new LabDirectory(LabDirectory.DefaultRoot, lab), cancellationToken);
        foreach (string line in lines ?? [])
        {
            await output.WriteLineAsync(line);
        }

        return lines is not null;
    }

    private static IEnumerable<string> NextSteps(string lab)
    {
        LabState? state = new LabStore(new LabDirectory(LabDirectory.DefaultRoot, lab)).Load();
        string address = state is { Services: [var service, ..] } ? service.AddressV4 : "ADDRESS";
        string option = lab == LabName.Default ? "" : $" --name {lab}";
        yield return $"ambientctl lab exec{option} {DefaultLab.Curl} -- curl -s http://{address}/";
        yield return $"ambientctl lab down{option}";
    }

    private static LabScenario ParseScenario(ArgumentResult result)
    {
        string word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (Scenarios.TryGetValue(word, out LabScenario scenario))
        {
            return scenario;
        }

        result.AddError($"There is no scenario '{word}'. Choose one of {string.Join(", ", Scenarios.Keys)}.");
        return default;
    }

    private static Option<string> NameOption() => new("--name", "-n")
    {
        Description = "Name of the lab; labs with different names live side by side.",
        DefaultValueFactory = _ => LabName.Default,
        HelpName = "NAME",
    };
}
