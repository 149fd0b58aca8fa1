using Ambient.Redirection.Commands;
using static Ambient.Redirection.RedirectionMarks;

namespace Ambient.Redirection.Routing;

/// <summary>Policy routing in a pod's namespace (node-proxy 7.2): packets with the connection mark are delivered locally.</summary>
internal sealed class PolicyRouting(IProgramRunner programs)
{
    /// <summary>More equal rules than this means that someone else keeps adding them.</summary>
    private const int MaxRulesRemoved = 16;

    private static readonly string Mark = $"0x{Connection:x}/0x{Mask:x}";
    private static readonly string[] Families = ["-4", "-6"];

    public async Task<RedirectionFailure?> ApplyAsync(string networkNamespace, bool ipv6, CancellationToken cancellationToken)
    {
        bool routeV6 = ipv6 && await IsIpv6OnLoopbackAsync(networkNamespace, cancellationToken);
        RedirectionFailure? failure = await RunAsync("route to the proxy", InNamespace(networkNamespace, Route("-4", "replace")), cancellationToken);
        if (failure is null && routeV6)
        {
            failure = await RunAsync("route to the proxy", InNamespace(networkNamespace, Route("-6", "replace")), cancellationToken);
        }

        failure ??= await AddRuleAsync("-4", networkNamespace, cancellationToken);
        return failure is null && ipv6 ? await AddRuleAsync("-6", networkNamespace, cancellationToken) : failure;
    }

    public async Task<RedirectionFailure?> RemoveAsync(string networkNamespace, CancellationToken cancellationToken)
    {
        RedirectionFailure? failure = null;
        foreach (string family in Families)
        {
            failure ??= await RemoveRulesAsync(family, networkNamespace, cancellationToken);
            failure ??= await RemoveRouteAsync(family, networkNamespace, cancellationToken);
        }

        return failure;
    }

    private async Task<RedirectionFailure?> AddRuleAsync(string family, string networkNamespace, CancellationToken cancellationToken) =>
        await HasRuleAsync(family, networkNamespace, cancellationToken)
            ? null
            : await RunAsync("routing rule", InNamespace(networkNamespace, Rule(family, "add")), cancellationToken);

    private async Task<RedirectionFailure?> RemoveRulesAsync(string family, string networkNamespace, CancellationToken cancellationToken)
    {
        RedirectionFailure? failure = null;
        for (int removed = 0; failure is null && await HasRuleAsync(family, networkNamespace, cancellationToken); removed++)
        {
            failure = removed < MaxRulesRemoved
                ? await RunAsync("removal of the routing rule", InNamespace(networkNamespace, Rule(family, "del")), cancellationToken)
                : new RedirectionFailure("removal of the routing rule", "it comes back each time", "Stop the program that adds it");
        }

        return failure;
    }

    private async Task<RedirectionFailure?> RemoveRouteAsync(string family, string networkNamespace, CancellationToken cancellationToken)
    {
        // The kernel reports a missing route or table as an error, so what counts is whether the route is still there.
        RedirectionFailure? failure = await RunAsync("removal of the route", InNamespace(networkNamespace, Route(family, "del")), cancellationToken);
        ProgramResult shown = await programs.RunAsync(
            InNamespace(networkNamespace, family, "route", "show", "table", $"{RouteTable}"), cancellationToken);
        return shown.StandardOutput.Contains("local default dev lo", StringComparison.Ordinal) ? failure : null;
    }

    private async Task<bool> HasRuleAsync(string family, string networkNamespace, CancellationToken cancellationToken)
    {
        ProgramResult shown = await programs.RunAsync(
            InNamespace(networkNamespace, family, "rule", "show", "pref", $"{RulePriority}"), cancellationToken);
        return shown.StandardOutput.Contains($"fwmark {Mark} lookup {RouteTable}", StringComparison.Ordinal);
    }

    private async Task<bool> IsIpv6OnLoopbackAsync(string networkNamespace, CancellationToken cancellationToken)
    {
        var read = new ProgramCommand("cat", "/proc/sys/net/ipv6/conf/lo/disable_ipv6") { NetworkNamespace = networkNamespace };
        ProgramResult result = await programs.RunAsync(read, cancellationToken);
        return result.StandardOutput.Trim() != "1";
    }

    private async Task<RedirectionFailure?> RunAsync(string step, ProgramCommand command, CancellationToken cancellationToken)
    {
        ProgramResult result = await programs.RunAsync(command, cancellationToken);
        return result.Succeeded ? null : RedirectionFailure.From(step, command, result);
    }

    private static string[] Route(string family, string verb) =>
        [family, "route", verb, "local", family == "-4" ? "0.0.0.0/0" : "::/0", "dev", "lo", "table", $"{RouteTable}"];

    private static string[] Rule(string family, string verb) =>
        [family, "rule", verb, "fwmark", Mark, "pref", $"{RulePriority}", "lookup", $"{RouteTable}"];

    private static ProgramCommand InNamespace(string networkNamespace, params string[] arguments) =>
        new("ip", arguments) { NetworkNamespace = networkNamespace };
}
