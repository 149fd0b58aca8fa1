using System.Globalization;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Security;
using Ambient.Xds.Messages;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>PeerAuthentications as policies that deny plaintext (control-plane-and-cni 5.10).</summary>
internal static class PeerAuthenticationTranslation
{
    private const string StaticName = "istio_converted_static_strict";
    private const string ConvertedPrefix = "converted_peer_authentication_";

    /// <summary>The resource that workloads list where every port demands mutual TLS.</summary>
    public static string StaticResource(TranslationOptions options) => $"{options.RootNamespace}/{StaticName}";

    public static string ConvertedResource(PeerSource peer) => $"{peer.Key.Namespace}/{ConvertedPrefix}{peer.Key.Name}";

    public static Authorization Static(TranslationOptions options)
    {
        Authorization message = Deny(options.RootNamespace, StaticName);
        message.Rules.Add(new AuthorizationRule { Clauses = { Clause(Plaintext()) } });
        return message;
    }

    /// <summary>The mode of a policy; a word that is not known counts as none, and is reported.</summary>
    public static PeerMode ModeOf(MutualTls? tls) => tls?.Mode switch
    {
        "STRICT" => PeerMode.Strict,
        "PERMISSIVE" or "DISABLE" => PeerMode.Open,
        _ => PeerMode.Unset,
    };

    /// <summary>The policy for the ports that differ from the rest; null when none does.</summary>
    /// <param name="inherited">What the namespace or the mesh says.</param>
    public static Authorization? Convert(PeerSource peer, PeerMode inherited)
    {
        PeerMode own = ModeOf(peer.Policy.Spec.Mtls);
        PeerMode mode = own == PeerMode.Unset ? inherited : own;
        PeerMode other = mode == PeerMode.Strict ? PeerMode.Open : PeerMode.Strict;
        List<uint> ports = [.. PortsOf(peer).Where(port => port.Mode == other).Select(port => port.Port)];
        if (peer.Selector.IsEmpty || ports.Count == 0)
        {
            return null;
        }

        Authorization message = Deny(peer.Key.Namespace, ConvertedPrefix + peer.Key.Name);
        if (mode == PeerMode.Strict)
        {
            // Denied when it is plaintext and for none of the open ports: every clause must hold.
            AuthorizationRule rule = new() { Clauses = { Clause(Plaintext()) } };
            rule.Clauses.Add(ports.Select(port => Clause(new AuthorizationMatch { NotDestinationPorts = { port } })));
            message.Rules.Add(rule);
            return message;
        }

        // Denied when it is plaintext for any of the strict ports: one rule has to hold.
        foreach (uint port in ports)
        {
            AuthorizationMatch match = Plaintext();
            match.DestinationPorts.Add(port);
            message.Rules.Add(new AuthorizationRule { Clauses = { Clause(match) } });
        }

        return message;
    }

    /// <summary>What a workload lists; null when plaintext is accepted on all its ports.</summary>
    public static string? ResourceFor(PeerSource? selected, PeerMode inherited, TranslationOptions options)
    {
        if (selected is not null && Convert(selected, inherited) is not null)
        {
            return ConvertedResource(selected);
        }

        PeerMode own = ModeOf(selected?.Policy.Spec.Mtls);
        return (own == PeerMode.Unset ? inherited : own) == PeerMode.Strict ? StaticResource(options) : null;
    }

    /// <summary>What of a policy has no effect.</summary>
    public static void Report(PeerSource peer, TranslationOptions options, ObjectReport report)
    {
        PeerAuthenticationSpec spec = peer.Policy.Spec;
        if (!peer.Selector.IsEmpty && peer.Key.Namespace == options.RootNamespace)
        {
            report.Note(Reasons.NotHonoured, "a selector in the root namespace selects nothing; put the policy into the namespace of the workloads");
        }

        if (peer.Selector.IsEmpty && !spec.PortLevelMtls.IsEmpty)
        {
            report.Note(Reasons.NotHonoured, "portLevelMtls has no effect without a selector; add one");
        }

        foreach (MutualTls? tls in spec.PortLevelMtls.Values.Append(spec.Mtls))
        {
            if (tls?.Mode is not (null or "" or "UNSET" or "STRICT" or "PERMISSIVE" or "DISABLE"))
            {
                report.Note(Reasons.InvalidValue, $"mode {Quoted.Text(tls.Mode)} is not known and counts as UNSET; use STRICT, PERMISSIVE or DISABLE");
            }
        }

        foreach (string port in spec.PortLevelMtls.Keys.Where(port => PortNumber(port) == 0).Order(StringComparer.Ordinal))
        {
            report.Note(Reasons.InvalidValue, $"port {Quoted.Text(port)} of portLevelMtls is not from 1 to 65535 and is not used");
        }
    }

    private static IEnumerable<(uint Port, PeerMode Mode)> PortsOf(PeerSource peer) => peer.Policy.Spec.PortLevelMtls
        .Select(port => ((uint)PortNumber(port.Key), ModeOf(port.Value))).Where(port => port.Item1 != 0).OrderBy(port => port.Item1);

    private static ushort PortNumber(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : (ushort)0;

    private static Authorization Deny(string home, string name) => new()
    {
        Name = name,
        Namespace = home,
        Scope = AuthorizationScope.WorkloadSelector,
        Action = AuthorizationAction.Deny,
    };

    private static AuthorizationMatch Plaintext() => new() { NotPrincipals = { new StringMatchMessage { Presence = new Empty() } } };

    private static AuthorizationClause Clause(AuthorizationMatch match) => new() { Matches = { match } };
}
