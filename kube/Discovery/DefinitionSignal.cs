using Ambient.Kube.Resources;
using Ambient.Kube.Watching;

namespace Ambient.Kube.Discovery;

/// <summary>
/// Tells those who wait for a kind that definitions of resources changed: a handler of an informer of
/// <see cref="CustomResourceDefinition"/>. What is served now is for each to ask.
/// </summary>
public sealed class DefinitionSignal : IInformerHandler<CustomResourceDefinition>
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();

    /// <summary>Done at the next change of any definition.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    public void Added(CustomResourceDefinition current) => Raise();

    public void Updated(CustomResourceDefinition previous, CustomResourceDefinition current) => Raise();

    public void Deleted(CustomResourceDefinition last) => Raise();

    public void Synced()
    {
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Raise()
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            done = _next;
            _next = NewSource();
        }

        done.SetResult();
    }
}
