using Ambient.Mesh.State;

namespace Ambient.UnitTests.Ztunnel.OnDemand;

/// <summary>A control plane that knows what it was told, answers at once, and is silent about names in <see cref="Silent"/>.</summary>
internal sealed class ScriptedResources(MeshStore store) : IOnDemandResources
{
    private readonly Dictionary<string, Action<MeshSnapshotBuilder>> _known = [];

    /// <summary>Every question, in order.</summary>
    public List<string> Asked { get; } = [];

    public HashSet<string> Silent { get; } = [];

    /// <summary>Called before each answer.</summary>
    public Action? OnAsked { get; set; }

    public bool IsActive => true;

    public ScriptedResources Knows(string name, Action<MeshSnapshotBuilder> answer)
    {
        _known.Add(name, answer);
        return this;
    }

    public async ValueTask FetchAsync(ResourceName name, CancellationToken cancellation = default)
    {
        Asked.Add(name.Text);
        OnAsked?.Invoke();
        if (Silent.Contains(name.Text))
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        if (_known.TryGetValue(name.Text, out Action<MeshSnapshotBuilder>? answer))
        {
            store.Update(answer);
        }
    }
}
