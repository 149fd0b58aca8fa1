using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.State;
using Ambient.Kube.Resources.Core;
using Ambient.Xds.Messages;
using Node = Ambient.Kube.Resources.Core.Node;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in nodes and namespaces.</summary>
internal sealed class PlaceInput(TranslationScope scope)
{
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;

    public void Set(ObjectKey key, Node? node)
    {
        LocalityMessage? locality = LocalityOf(node);
        if (!_state.Nodes.TryGetValue(key.Name, out NodeState? known))
        {
            if (locality is null)
            {
                return;
            }

            _state.Nodes.Add(key.Name, known = new NodeState());
        }

        if (!Equals(known.Locality, locality))
        {
            known.Locality = locality;
            _pending.Workloads.UnionWith(known.Pods);
        }

        if (locality is null && known.Pods.Count == 0)
        {
            _state.Nodes.Remove(key.Name);
        }
    }

    public void Set(ObjectKey key, Namespace? value)
    {
        NamespaceState home = _state.Home(key.Name);
        home.Know(value?.Metadata);
        _pending.Namespaces.Add(home);
        _pending.Emptied.Add(home);
        _pending.Services.UnionWith(home.Services.Values);
        _pending.Groups.UnionWith(home.Labels.Groups);
        if (key.Name == scope.Options.SystemNamespace)
        {
            SetNetwork(home.Metadata.Labels.GetValueOrDefault(MeshLabels.Network) ?? scope.Options.DefaultNetwork);
        }
    }

    // Every workload and service says on which network it is.
    private void SetNetwork(string network)
    {
        if (_state.Network == network)
        {
            return;
        }

        _state.Network = network;
        _pending.Gateways.UnionWith(_state.Gateways.Keys);
        foreach (NamespaceState home in _state.Namespaces)
        {
            _pending.Services.UnionWith(home.Services.Values);
            _pending.Slices.UnionWith(home.Slices.Values);
            foreach (LabelGroup group in home.Labels.Groups)
            {
                _pending.Groups.Add(group);
                _pending.AddMembers(group);
            }
        }
    }

    private static LocalityMessage? LocalityOf(Node? node)
    {
        LocalityMessage locality = new()
        {
            Region = node?.Metadata.Labels.GetValueOrDefault(MeshLabels.Region) ?? "",
            Zone = node?.Metadata.Labels.GetValueOrDefault(MeshLabels.Zone) ?? "",
            Subzone = node?.Metadata.Labels.GetValueOrDefault(MeshLabels.Subzone) ?? "",
        };
        return locality.CalculateSize() == 0 ? null : locality;
    }
}
