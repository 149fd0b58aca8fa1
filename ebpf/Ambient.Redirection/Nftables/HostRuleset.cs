using System.Net;
using System.Net.Sockets;

namespace Ambient.Redirection.Nftables;

/// <summary>
/// The rules in the node's own namespace, node-proxy 7.6: what the kubelet sends to an enrolled pod gets the probe
/// address as source, which the pod's rules let pass. The sets of pods survive when the rules are written anew.
/// </summary>
internal static class HostRuleset
{
    private const string Postrouting = "postrouting";

    /// <summary>Length of an element's comment that nft accepts.</summary>
    private const int MaxUidLength = 128;

    public static string Render(HostRedirectionSpec spec)
    {
        var script = new NftScript();
        script.Line($"add table inet {NftTables.Nat}");
        script.Line($"add set inet {NftTables.Nat} {NftTables.ProbesV4} {{ type ipv4_addr; }}");
        script.Line($"add set inet {NftTables.Nat} {NftTables.ProbesV6} {{ type ipv6_addr; }}");
        script.BaseChain(NftTables.Nat, Postrouting, "nat", priority: 100);
        script.Line($"flush chain inet {NftTables.Nat} {Postrouting}");
        script.Rule(
            NftTables.Nat,
            Postrouting,
            $"meta l4proto tcp meta skuid {spec.KubeletUid} ip daddr @{NftTables.ProbesV4} counter snat ip to {spec.Probes.V4}");
        if (spec.Ipv6)
        {
            script.Rule(
                NftTables.Nat,
                Postrouting,
                $"meta l4proto tcp meta skuid {spec.KubeletUid} ip6 daddr @{NftTables.ProbesV6} counter snat ip6 to {spec.Probes.V6}");
        }

        return script.ToString();
    }

    public static string RenderRemoval()
    {
        var script = new NftScript();
        script.DropTable(NftTables.Nat);
        return script.ToString();
    }

    /// <summary>Puts a pod's address into its set, overwriting an entry that a former pod left under the same address.</summary>
    public static string RenderAddition(IPAddress address, string podUid)
    {
        var script = new NftScript();
        script.Line($"add element inet {NftTables.Nat} {SetOf(address)} {{ {address} }}");
        script.Line($"delete element inet {NftTables.Nat} {SetOf(address)} {{ {address} }}");
        script.Line($"add element inet {NftTables.Nat} {SetOf(address)} {{ {address} comment \"{podUid}\" }}");
        return script.ToString();
    }

    public static string RenderDeletion(IPAddress address)
    {
        var script = new NftScript();
        script.Line($"delete element inet {NftTables.Nat} {SetOf(address)} {{ {address} }}");
        return script.ToString();
    }

    public static string SetOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? NftTables.ProbesV4 : NftTables.ProbesV6;

    /// <summary>Null when the uid may stand in a comment, else the reason.</summary>
    public static string? FindFault(string podUid) =>
        podUid.Length is > 0 and <= MaxUidLength && podUid.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:".Contains(character))
            ? null
            : $"pod uid '{podUid}' must be 1 to {MaxUidLength} letters, digits and - _ . / :";
}
