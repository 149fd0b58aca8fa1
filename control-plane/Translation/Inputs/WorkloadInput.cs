using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.State;
using Ambient.ControlPlane.Translation.Workloads;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.Inputs;

/// <summary>Takes in pods and WorkloadEntries.</summary>
internal sealed class WorkloadInput(TranslationScope scope)
{
    private readonly MeshState _state = scope.State;
    private readonly PendingWork _pending = scope.Pending;
    private readonly PodReading _reading = new();

    public void Set(ObjectKey key, Pod? pod)
    {
        NamespaceState home = _state.Home(key.Namespace);
        if (home.Pods.Remove(key.Name, out PodSource? before))
        {
            Remove(before);
            NodeState node = _state.Nodes[before.Node];
            node.Pods.Remove(before);
            if (node.Pods.Count == 0 && node.Locality is null)
            {
                _state.Nodes.Remove(before.Node);
            }
        }

        if (pod is null)
        {
            _pending.Emptied.Add(home);
            return;
        }

        PodSource source = _reading.Read(home, pod);
        home.Pods.Add(source.Name, source);
        NodeOf(source.Node).Pods.Add(source);
        Add(home, LabelSet.Of(pod.Metadata.Labels), source);
    }

    public void Set(ObjectKey key, WorkloadEntry? entry)
    {
        NamespaceState home = _state.Home(key.Namespace);
        if (home.WorkloadEntries.Remove(key.Name, out EntrySource? before))
        {
            Remove(before);
        }

        if (entry is null)
        {
            _pending.Emptied.Add(home);
            return;
        }

        EntrySource source = new(home, entry);
        home.WorkloadEntries.Add(key.Name, source);

        // Its labels are those of the object and those of the workload; the latter count.
        Add(home, LabelSet.Of(entry.Metadata.Labels.SetItems(entry.Spec.Labels)), source);
    }

    private NodeState NodeOf(string name)
    {
        if (!_state.Nodes.TryGetValue(name, out NodeState? node))
        {
            _state.Nodes.Add(name, node = new NodeState());
        }

        return node;
    }

    private void Add(NamespaceState home, LabelSet labels, LabeledWorkload source)
    {
        home.Join(labels, source, _pending);
        _pending.Workloads.Add(source);
    }

    private void Remove(LabeledWorkload source)
    {
        _state.Leave(source, _pending);
        source.Gone = true;
        _pending.Workloads.Add(source);
    }
}
