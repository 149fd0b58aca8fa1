using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Policies;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in PeerAuthentications.</summary>
internal sealed class PeerInput(TranslationScope scope)
{
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;

    public void Set(ObjectKey key, PeerAuthentication? policy)
    {
        NamespaceState home = _state.Home(key.Namespace);
        _pending.PeersChanged = true;
        if (home.Peers.Remove(key.Name, out PeerSource? before))
        {
            _state.PeerCount--;
            _pending.Peers.Remove(before);
            scope.Published.Withdraw(ResourceKind.Authorization, PeerAuthenticationTranslation.ConvertedResource(before));
            if (Selects(before))
            {
                home.Selectors.Remove(before);
            }

            Touch(home, before);
        }

        if (policy is null)
        {
            _pending.Emptied.Add(home);
            return;
        }

        PeerSource source = new(key, policy, LabelSet.Of(policy.Spec.Selector?.MatchLabels ?? []));
        home.Peers.Add(key.Name, source);
        _state.PeerCount++;
        if (Selects(source))
        {
            home.Selectors.Add(source);
        }

        _pending.Peers.Add(source);
        Touch(home, source);
    }

    // In the root namespace a selector selects nothing.
    private bool Selects(PeerSource peer) => !peer.Selector.IsEmpty && peer.Key.Namespace != scope.Options.RootNamespace;

    // What is for a whole namespace is inherited by those with a selector, and which of two counts may change.
    private void Touch(NamespaceState home, PeerSource peer)
    {
        _pending.Peers.UnionWith(home.Peers.Values);
        if (Selects(peer))
        {
            _pending.Groups.UnionWith(home.Labels.SelectedBy(peer.Selector));
            return;
        }

        if (!peer.Selector.IsEmpty)
        {
            return;
        }

        IEnumerable<NamespaceState> homes = home.Name == scope.Options.RootNamespace ? _state.Namespaces : [home];
        foreach (NamespaceState affected in homes)
        {
            _pending.Groups.UnionWith(affected.Labels.Groups);
            _pending.Peers.UnionWith(affected.Peers.Values);
        }
    }
}
