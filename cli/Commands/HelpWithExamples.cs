using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ambient.Cli.Commands;

/// <summary>The help of a command, and below it lines that can be typed as they are.</summary>
internal sealed class HelpWithExamples(HelpAction help, TextWriter output) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["workloads"] =
        [
            "ambientctl workloads                                  # of the ztunnel on this node",
            "ambientctl workloads --lab ambient --node node-a -n demo",
            "ambientctl workloads 'web-*' -o wide --control-plane localhost:8080",
            "ambientctl workloads -f dump.json -o json",
        ],
        ["services"] = ["ambientctl services -n shop", "ambientctl services web.shop.svc.cluster.local -o yaml"],
        ["policies"] = ["ambientctl policies -n shop -o yaml", "ambientctl policies --control-plane localhost:8080"],
        ["certificates"] = ["ambientctl certificates", "ambientctl certificates -n shop -f dump.json"],
        ["connections"] = ["ambientctl connections --lab ambient --node node-a", "ambientctl connections web-0 --direction inbound --raw"],
        ["proxy-status"] = ["ambientctl proxy-status", "ambientctl proxy-status -o wide    # with the reason of the last refusal"],
        ["wait"] =
        [
            "kubectl apply -f deny-all.yaml && ambientctl wait authorizationpolicy/deny-all -n shop",
            "ambientctl wait service/web -n shop --timeout 120",
        ],
        ["analyze"] =
        [
            "ambientctl analyze -f manifests/",
            "kustomize build . | ambientctl analyze -f -",
            "ambientctl analyze                     # the objects of the cluster",
        ],
        ["completion"] = ["source <(ambientctl completion bash)", "ambientctl completion zsh > \"${fpath[1]}/_ambientctl\""],
    };

    /// <summary>Puts itself into the place of a root command's help.</summary>
    public static void Use(RootCommand root, TextWriter output)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!, output);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (Examples.TryGetValue(parseResult.CommandResult.Command.Name, out string[]? lines))
        {
            output.WriteLine($"Examples:\n  {string.Join("\n  ", lines)}\n");
        }

        return code;
    }
}
