namespace Ambient.ControlPlane.Translation.Selection;

/// <summary>The groups of one namespace, found by a label without looking at the others.</summary>
internal sealed class LabelIndex
{
    private readonly Dictionary<LabelSet, LabelGroup> _groups = [];
    private readonly Dictionary<KeyValuePair<string, string>, HashSet<LabelGroup>> _byPair = [];

    public IReadOnlyCollection<LabelGroup> Groups => _groups.Values;

    public LabelGroup? Find(LabelSet labels) => _groups.GetValueOrDefault(labels);

    public void Add(LabelGroup group)
    {
        _groups.Add(group.Labels, group);
        foreach (KeyValuePair<string, string> pair in group.Labels.Pairs)
        {
            if (!_byPair.TryGetValue(pair, out HashSet<LabelGroup>? groups))
            {
                _byPair.Add(pair, groups = []);
            }

            groups.Add(group);
        }
    }

    public void Remove(LabelGroup group)
    {
        _groups.Remove(group.Labels);
        foreach (KeyValuePair<string, string> pair in group.Labels.Pairs)
        {
            HashSet<LabelGroup> groups = _byPair[pair];
            groups.Remove(group);
            if (groups.Count == 0)
            {
                _byPair.Remove(pair);
            }
        }
    }

    /// <summary>The groups with all labels of a selector: those of its rarest label, tried one by one.</summary>
    public IEnumerable<LabelGroup> SelectedBy(LabelSet selector)
    {
        if (selector.IsEmpty)
        {
            return _groups.Values;
        }

        HashSet<LabelGroup>? fewest = null;
        foreach (KeyValuePair<string, string> pair in selector.Pairs)
        {
            if (!_byPair.TryGetValue(pair, out HashSet<LabelGroup>? groups))
            {
                return [];
            }

            fewest = fewest is null || groups.Count < fewest.Count ? groups : fewest;
        }

        return fewest!.Where(group => group.Labels.IsSelectedBy(selector));
    }
}
