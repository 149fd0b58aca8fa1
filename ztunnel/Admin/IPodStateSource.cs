namespace Ambient.Ztunnel.Admin;

/// <summary>Tells the admin pages which pods are served and what flows through them. Called on a pool thread.</summary>
internal interface IPodStateSource
{
    IReadOnlyList<PodState> Snapshot();
}
