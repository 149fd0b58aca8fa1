using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Policies;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.State;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Settling;

/// <summary>Policies that depend on other objects: PeerAuthentications on each other, attached AuthorizationPolicies on waypoints.</summary>
internal sealed class PolicySettling(TranslationScope scope)
{
    public void Settle()
    {
        if (scope.Pending.PeersChanged)
        {
            SettleStatic();
        }

        foreach (PeerSource peer in scope.Pending.Peers)
        {
            Settle(peer);
        }

        foreach (ObjectKey target in scope.Pending.Targets)
        {
            if (scope.State.PoliciesByTarget.TryGetValue(target, out HashSet<PolicySource>? policies))
            {
                scope.Pending.AttachedPolicies.UnionWith(policies);
            }
        }

        SettleAttached();
    }

    private void SettleStatic()
    {
        string resource = PeerAuthenticationTranslation.StaticResource(scope.Options);
        if (scope.State.PeerCount > 0)
        {
            scope.Published.Publish(ResourceKind.Authorization, resource, PeerAuthenticationTranslation.Static(scope.Options));
        }
        else
        {
            scope.Published.Withdraw(ResourceKind.Authorization, resource);
        }
    }

    private void Settle(PeerSource peer)
    {
        NamespaceState home = scope.State.Home(peer.Key.Namespace);
        bool counts = peer.Key.Namespace != scope.Options.RootNamespace;
        Authorization? message = counts ? PeerAuthenticationTranslation.Convert(peer, PeerScopes.Inherited(home, scope.Root)) : null;
        string resource = PeerAuthenticationTranslation.ConvertedResource(peer);
        if (message is null)
        {
            scope.Published.Withdraw(ResourceKind.Authorization, resource);
        }
        else
        {
            scope.Published.Publish(ResourceKind.Authorization, resource, message);
        }

        ObjectReport report = new(peer.Key, peer.Policy.Metadata.Generation);
        PeerAuthenticationTranslation.Report(peer, scope.Options, report);
        if (PeerScopes.Oldest(home.Peers.Values.Where(other => other.Selector.Equals(peer.Selector))) is { } oldest && oldest != peer)
        {
            report.Note(Reasons.Superseded, $"{oldest.Key.Name} is older and for the same workloads, and counts instead; remove one of them");
        }

        scope.Reports.Set(report);
    }

    private void SettleAttached()
    {
        AttachedPolicyReports verdicts = new(scope.State, scope.Options);
        foreach (PolicySource policy in scope.Pending.AttachedPolicies)
        {
            ObjectReport report = new(policy.Key, policy.Policy.Metadata.Generation);
            AuthorizationTranslation.Carry(policy.Policy, report);
            verdicts.Say(policy, report);
            scope.Reports.Set(report);
        }
    }
}
