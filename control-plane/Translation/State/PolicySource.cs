using Ambient.ControlPlane.Translation.Selection;
using Ambient.Kube.Resources.Security;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>An AuthorizationPolicy.</summary>
/// <param name="resourceName">Its name as a resource; null when nodes are not told of it.</param>
/// <param name="selector">The workloads it is for; empty when it has no selector.</param>
internal sealed class PolicySource(ObjectKey key, AuthorizationPolicy policy, string? resourceName, LabelSet selector) : ISelecting
{
    public ObjectKey Key { get; } = key;

    public AuthorizationPolicy Policy { get; } = policy;

    public string? ResourceName { get; } = resourceName;

    public LabelSet Selector { get; } = selector;

    /// <summary>Whether workloads list it.</summary>
    public bool IsListed => ResourceName is not null && !Selector.IsEmpty;
}
