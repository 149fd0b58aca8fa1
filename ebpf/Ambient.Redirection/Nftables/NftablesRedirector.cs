using Ambient.Redirection.Commands;
using Ambient.Redirection.Routing;

namespace Ambient.Redirection.Nftables;

/// <summary>Redirection by nftables: one transaction of rules, then routes, then the routing rule (node-proxy 7.2, 7.4).</summary>
public sealed class NftablesRedirector(IProgramRunner programs) : IPodRedirector
{
    private readonly PolicyRouting _routing = new(programs);

    public string Mode => "nftables";

    public async Task<RedirectionFailure?> ApplyAsync(
        string networkNamespace, PodRedirectionSpec spec, CancellationToken cancellationToken)
    {
        if (spec.FindFault() is { } fault)
        {
            return new RedirectionFailure("pod redirection", fault, "Correct the pod's annotations");
        }

        return await RunNftAsync("packet rules", networkNamespace, PodRuleset.Render(spec), cancellationToken)
            ?? await _routing.ApplyAsync(networkNamespace, spec.Ipv6, cancellationToken);
    }

    public async Task<RedirectionFailure?> RemoveAsync(string networkNamespace, CancellationToken cancellationToken) =>
        await RunNftAsync("removal of packet rules", networkNamespace, PodRuleset.RenderRemoval(), cancellationToken)
            ?? await _routing.RemoveAsync(networkNamespace, cancellationToken);

    private async Task<RedirectionFailure?> RunNftAsync(
        string step, string networkNamespace, string script, CancellationToken cancellationToken)
    {
        var command = new ProgramCommand("nft", "-f", "-") { Input = script, NetworkNamespace = networkNamespace };
        ProgramResult result = await programs.RunAsync(command, cancellationToken);
        return result.Succeeded ? null : RedirectionFailure.From(step, command, result);
    }
}
