using static Ambient.Redirection.RedirectionMarks;
using static Ambient.Redirection.RedirectionPorts;

namespace Ambient.Redirection.Nftables;

/// <summary>
/// The rules in a pod's namespace, node-proxy 7.4, in its order. The proxy's own packets carry the packet mark and so
/// escape redirection. A connection that the proxy opens from the caller's address is delivered over loopback and gets
/// the connection mark on its way in; the application's replies get it back as packet mark, which policy routing leads
/// to the proxy.
/// </summary>
internal static class PodRuleset
{
    private const string Prerouting = "istio-prerouting";
    private const string Output = "istio-output";
    private const string BasePrerouting = "prerouting";
    private const string BaseOutput = "output";
    private const string BeyondLoopbackV4 = "ip daddr != 127.0.0.1/32";
    private const string BeyondLoopbackV6 = "ip6 daddr != ::1/128";
    private const string Tcp = "meta l4proto tcp";

    private static readonly string FromProxy = $"meta mark and 0x{Mask:x} == 0x{Packet:x}";
    private static readonly string NotFromProxy = $"meta mark and 0x{Mask:x} != 0x{Packet:x}";
    private static readonly string ReplyToProxy = $"meta mark and 0x{Mask:x} == 0x{Connection:x}";

    /// <summary>The whole transaction that puts the rules of <paramref name="spec"/> in the place of any earlier ones.</summary>
    /// <exception cref="ArgumentException">The spec has a fault that <see cref="PodRedirectionSpec.FindFault"/> names.</exception>
    public static string Render(PodRedirectionSpec spec)
    {
        if (spec.FindFault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(spec));
        }

        var script = new NftScript();
        AddNat(script, spec);
        AddMangle(script);
        if (spec.DnsCapture)
        {
            AddRaw(script);
        }
        else
        {
            script.DropTable(NftTables.Raw);
        }

        return script.ToString();
    }

    /// <summary>The transaction that removes the tables, whether they exist or not.</summary>
    public static string RenderRemoval()
    {
        var script = new NftScript();
        script.DropTable(NftTables.Nat);
        script.DropTable(NftTables.Mangle);
        script.DropTable(NftTables.Raw);
        return script.ToString();
    }

    private static void AddNat(NftScript script, PodRedirectionSpec spec)
    {
        BeginPodTable(script, NftTables.Nat, priority: -100, preroutingType: "nat", outputType: "nat");
        AddNatPrerouting(script, spec);
        AddNatOutput(script, spec);
    }

    private static void AddNatPrerouting(NftScript script, PodRedirectionSpec spec)
    {
        void Rule(string rule) => script.Rule(NftTables.Nat, Prerouting, rule);

        foreach (string name in spec.VirtualInterfaces)
        {
            Rule($"iifname \"{name}\" {Tcp} counter redirect to :{Outbound}");
            Rule($"iifname \"{name}\" {Tcp} counter return");
        }

        if (spec.BypassInbound)
        {
            return;
        }

        Rule($"{Tcp} ip saddr {spec.Probes.V4} counter accept");
        if (spec.Ipv6)
        {
            Rule($"{Tcp} ip6 saddr {spec.Probes.V6} counter accept");
        }

        Rule($"{BeyondLoopbackV4} tcp dport != {InboundHbone} {NotFromProxy} counter redirect to :{InboundPlaintext}");
        if (spec.Ipv6)
        {
            Rule($"{BeyondLoopbackV6} tcp dport != {InboundHbone} {NotFromProxy} counter redirect to :{InboundPlaintext}");
        }
    }

    private static void AddNatOutput(NftScript script, PodRedirectionSpec spec)
    {
        void Rule(string rule) => script.Rule(NftTables.Nat, Output, rule);
        void RuleV6(string rule)
        {
            if (spec.Ipv6)
            {
                Rule(rule);
            }
        }

        Rule($"{Tcp} ip daddr {spec.Probes.V4} counter accept");
        RuleV6($"{Tcp} ip6 daddr {spec.Probes.V6} counter accept");
        if (spec.DnsCapture)
        {
            Rule($"oifname != \"lo\" {NotFromProxy} udp dport 53 counter redirect to :{Dns}");
            Rule($"{BeyondLoopbackV4} tcp dport 53 {NotFromProxy} counter redirect to :{Dns}");
            RuleV6($"{BeyondLoopbackV6} tcp dport 53 {NotFromProxy} counter redirect to :{Dns}");
        }

        Rule($"{Tcp} {ReplyToProxy} counter accept");
        Rule($"oifname \"lo\" {BeyondLoopbackV4} counter accept");
        RuleV6($"oifname \"lo\" {BeyondLoopbackV6} counter accept");
        Rule($"{Tcp} {BeyondLoopbackV4} {NotFromProxy} counter redirect to :{Outbound}");
        RuleV6($"{Tcp} {BeyondLoopbackV6} {NotFromProxy} counter redirect to :{Outbound}");
    }

    private static void AddMangle(NftScript script)
    {
        // Type route: a mark restored on the way out must be followed by a new routing decision.
        BeginPodTable(script, NftTables.Mangle, priority: -150, preroutingType: "filter", outputType: "route");
        script.Rule(NftTables.Mangle, Prerouting, $"{FromProxy} counter ct mark set ct mark and 0x{unchecked((uint)~Mask):x} or 0x{Connection:x}");
        script.Rule(NftTables.Mangle, Output, $"ct mark and 0x{Mask:x} == 0x{Connection:x} counter meta mark set ct mark");
    }

    private static void AddRaw(NftScript script)
    {
        BeginPodTable(script, NftTables.Raw, priority: -300, preroutingType: "filter", outputType: "filter");
        script.Rule(NftTables.Raw, Output, $"udp dport 53 {FromProxy} counter ct zone set {DnsConntrackZone}");
        script.Rule(NftTables.Raw, Prerouting, $"udp sport 53 {NotFromProxy} counter ct zone set {DnsConntrackZone}");
    }

    private static void BeginPodTable(NftScript script, string table, int priority, string preroutingType, string outputType)
    {
        script.BeginTable(table);
        script.BaseChain(table, BasePrerouting, preroutingType, priority);
        script.BaseChain(table, BaseOutput, outputType, priority);
        script.Chain(table, Prerouting);
        script.Chain(table, Output);
        script.Rule(table, BaseOutput, $"counter jump {Output}");
        script.Rule(table, BasePrerouting, $"counter jump {Prerouting}");
    }
}
