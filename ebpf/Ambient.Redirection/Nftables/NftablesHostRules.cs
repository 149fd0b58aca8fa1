using System.Net;
using System.Text.Json;
using Ambient.Redirection.Commands;

namespace Ambient.Redirection.Nftables;

/// <summary>
/// The node's side of redirection (node-proxy 7.6): source address of health probes, and the set of pods it is for.
/// A null namespace means our own.
/// </summary>
public sealed class NftablesHostRules(IProgramRunner programs, string? networkNamespace)
{
    public Task<RedirectionFailure?> ApplyAsync(HostRedirectionSpec spec, CancellationToken cancellationToken) =>
        RunAsync("host rules", HostRuleset.Render(spec), cancellationToken);

    public Task<RedirectionFailure?> RemoveAsync(CancellationToken cancellationToken) =>
        RunAsync("removal of host rules", HostRuleset.RenderRemoval(), cancellationToken);

    /// <summary>Lets probes to this address pass capture. An entry of another pod under the same address is overwritten.</summary>
    public async Task<RedirectionFailure?> AddPodAsync(IPAddress address, string podUid, CancellationToken cancellationToken) =>
        HostRuleset.FindFault(podUid) is { } fault
            ? new RedirectionFailure("probe set", fault, "Report the pod's uid as the cluster gives it")
            : await RunAsync("probe set", HostRuleset.RenderAddition(address, podUid), cancellationToken);

    /// <summary>Takes the address out again, unless by now it belongs to another pod.</summary>
    public async Task<RedirectionFailure?> RemovePodAsync(IPAddress address, string podUid, CancellationToken cancellationToken)
    {
        var list = new ProgramCommand("nft", "-j", "list", "set", "inet", NftTables.Nat, HostRuleset.SetOf(address))
        {
            NetworkNamespace = networkNamespace,
        };
        ProgramResult listed = await programs.RunAsync(list, cancellationToken);
        if (!listed.Succeeded)
        {
            return RedirectionFailure.From("probe set", list, listed);
        }

        return HasElement(listed.StandardOutput, address, podUid)
            ? await RunAsync("probe set", HostRuleset.RenderDeletion(address), cancellationToken)
            : null;
    }

    /// <summary>Reads nft's JSON listing of one set: entries with a comment are objects, others bare addresses.</summary>
    internal static bool HasElement(string json, IPAddress address, string podUid)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("nftables").EnumerateArray()
            .Where(item => item.TryGetProperty("set", out JsonElement set) && set.TryGetProperty("elem", out _))
            .SelectMany(item => item.GetProperty("set").GetProperty("elem").EnumerateArray())
            .Where(element => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem", out _))
            .Select(element => element.GetProperty("elem"))
            .Any(element => IPAddress.TryParse(element.GetProperty("val").GetString(), out IPAddress? value) && value.Equals(address)
                && element.TryGetProperty("comment", out JsonElement comment) && comment.GetString() == podUid);
    }

    private async Task<RedirectionFailure?> RunAsync(string step, string script, CancellationToken cancellationToken)
    {
        var command = new ProgramCommand("nft", "-f", "-") { Input = script, NetworkNamespace = networkNamespace };
        ProgramResult result = await programs.RunAsync(command, cancellationToken);
        return result.Succeeded ? null : RedirectionFailure.From(step, command, result);
    }
}
