using Ambient.Mesh.State;

namespace Ambient.Ztunnel.OnDemand;

/// <summary>The names that are asked for on behalf of one pod in one direction: so many at a time that no pod keeps the others from asking.</summary>
internal sealed class NamesUnderWay
{
    public const int Max = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceName, int> _askers = [];

    /// <summary>False when the name would be one too many; else <see cref="Leave"/> must follow.</summary>
    public bool TryEnter(ResourceName name)
    {
        lock (_lock)
        {
            if (!_askers.TryGetValue(name, out int askers) && _askers.Count == Max)
            {
                return false;
            }

            _askers[name] = askers + 1;
            return true;
        }
    }

    public void Leave(ResourceName name)
    {
        lock (_lock)
        {
            if (--_askers[name] == 0)
            {
                _askers.Remove(name);
            }
        }
    }
}
