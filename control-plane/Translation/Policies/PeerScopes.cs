using Ambient.ControlPlane.Translation.State;

namespace Ambient.ControlPlane.Translation.Policies;

/// <summary>Which PeerAuthentication counts where (control-plane-and-cni 5.10): of several in one scope the oldest.</summary>
internal static class PeerScopes
{
    /// <summary>The one for all workloads of a namespace; in the root namespace, of the mesh.</summary>
    public static PeerSource? Wide(NamespaceState? home) => Oldest(home?.Peers.Values.Where(peer => peer.Selector.IsEmpty) ?? []);

    /// <summary>What holds in a namespace where no selector says otherwise.</summary>
    public static PeerMode Inherited(NamespaceState home, NamespaceState? root)
    {
        PeerMode own = PeerAuthenticationTranslation.ModeOf(Wide(home)?.Policy.Spec.Mtls);
        return own != PeerMode.Unset ? own : PeerAuthenticationTranslation.ModeOf(Wide(root)?.Policy.Spec.Mtls);
    }

    public static PeerSource? Oldest(IEnumerable<PeerSource> peers)
    {
        PeerSource? oldest = null;
        foreach (PeerSource peer in peers)
        {
            oldest = oldest is null || PeerSource.CompareAge(peer, oldest) < 0 ? peer : oldest;
        }

        return oldest;
    }
}
