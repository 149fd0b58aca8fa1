using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>An endpoint that a ServiceEntry lists, or stands for one of its hosts.</summary>
/// <param name="owner">The ServiceEntry.</param>
/// <param name="endpoint">The endpoint; its address is a host name where none was listed.</param>
/// <param name="host">The only host it serves; null when it serves all.</param>
internal sealed class InlineSource(ServiceSource owner, WorkloadEntrySpec endpoint, string? host) : LabeledWorkload
{
    public ServiceSource Owner { get; } = owner;

    public WorkloadEntrySpec Endpoint { get; } = endpoint;

    public string? Host { get; } = host;
}
