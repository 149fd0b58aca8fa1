using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>A WorkloadEntry.</summary>
internal sealed class EntrySource(NamespaceState home, WorkloadEntry entry) : LabeledWorkload
{
    public NamespaceState Home { get; } = home;

    public WorkloadEntry Entry { get; } = entry;

    public ObjectKey Key => new(ObjectKind.WorkloadEntry, Home.Name, Entry.Metadata.Name);
}
