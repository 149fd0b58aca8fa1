using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation.Policies;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Security;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in AuthorizationPolicies. What nodes are told of one depends on nothing else, so it is published at once.</summary>
internal sealed class PolicyInput(TranslationScope scope)
{
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;

    public void Set(ObjectKey key, AuthorizationPolicy? policy)
    {
        Remove(key);
        if (policy is null)
        {
            return;
        }

        ObjectReport report = new(key, policy.Metadata.Generation);
        Authorization? message = AuthorizationTranslation.Translate(policy, scope.Options, report);
        string? resource = message is null ? null : ResourceOf(key);
        PolicySource source = new(key, policy, resource, LabelSet.Of(policy.Spec.Selector?.MatchLabels ?? []));
        _state.Policies.Add(key, source);
        if (AuthorizationTranslation.IsAttached(policy))
        {
            Attach(source);
            return;
        }

        scope.Reports.Set(report);
        if (message is not null)
        {
            scope.Published.Publish(ResourceKind.Authorization, resource!, message);
        }

        if (source.IsListed)
        {
            _state.Home(key.Namespace).Selectors.Add(source);
            TouchSelected(source);
        }
    }

    private void Remove(ObjectKey key)
    {
        if (!_state.Policies.Remove(key, out PolicySource? source))
        {
            return;
        }

        if (source.ResourceName is { } resource)
        {
            scope.Published.Withdraw(ResourceKind.Authorization, resource);
        }

        _pending.AttachedPolicies.Remove(source);
        foreach (ObjectKey target in AttachedPolicyReports.Targets(source.Policy))
        {
            if (_state.PoliciesByTarget.TryGetValue(target, out HashSet<PolicySource>? policies) && policies.Remove(source) && policies.Count == 0)
            {
                _state.PoliciesByTarget.Remove(target);
            }
        }

        if (source.IsListed)
        {
            _state.Home(key.Namespace).Selectors.Remove(source);
            _pending.Emptied.Add(_state.Home(key.Namespace));
            TouchSelected(source);
        }
    }

    private void Attach(PolicySource source)
    {
        _pending.AttachedPolicies.Add(source);
        foreach (ObjectKey target in AttachedPolicyReports.Targets(source.Policy))
        {
            if (!_state.PoliciesByTarget.TryGetValue(target, out HashSet<PolicySource>? policies))
            {
                _state.PoliciesByTarget.Add(target, policies = []);
            }

            policies.Add(source);
        }
    }

    private void TouchSelected(PolicySource source)
    {
        IEnumerable<NamespaceState> homes = source.Key.Namespace == scope.Options.RootNamespace ? _state.Namespaces : [_state.Home(source.Key.Namespace)];
        foreach (NamespaceState home in homes)
        {
            _pending.Groups.UnionWith(home.Labels.SelectedBy(source.Selector));
        }
    }

    private static string ResourceOf(ObjectKey key) => $"{key.Namespace}/{key.Name}";
}
