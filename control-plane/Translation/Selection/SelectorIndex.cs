namespace Ambient.ControlPlane.Translation.Selection;

/// <summary>Whatever selects by labels in one namespace, found from the labels of a workload without trying every selector.</summary>
internal sealed class SelectorIndex
{
    private readonly Dictionary<KeyValuePair<string, string>, List<ISelecting>> _byPair = [];
    private readonly Dictionary<ISelecting, KeyValuePair<string, string>> _placed = [];
    private readonly HashSet<ISelecting> _everything = [];

    public bool IsEmpty => _placed.Count + _everything.Count == 0;

    public void Add(ISelecting selecting)
    {
        if (selecting.Selector.IsEmpty)
        {
            _everything.Add(selecting);
            return;
        }

        // One label is enough to find it by: the one that finds the fewest others.
        KeyValuePair<string, string> best = selecting.Selector.Pairs[0];
        foreach (KeyValuePair<string, string> pair in selecting.Selector.Pairs)
        {
            best = CountAt(pair) < CountAt(best) ? pair : best;
        }

        if (!_byPair.TryGetValue(best, out List<ISelecting>? found))
        {
            _byPair.Add(best, found = []);
        }

        found.Add(selecting);
        _placed.Add(selecting, best);
    }

    public void Remove(ISelecting selecting)
    {
        if (!_placed.Remove(selecting, out KeyValuePair<string, string> pair))
        {
            _everything.Remove(selecting);
            return;
        }

        List<ISelecting> found = _byPair[pair];
        found.Remove(selecting);
        if (found.Count == 0)
        {
            _byPair.Remove(pair);
        }
    }

    /// <summary>Everything whose selector these labels fulfil, in no order.</summary>
    public IEnumerable<ISelecting> Selecting(LabelSet labels)
    {
        List<ISelecting> selecting = [.. _everything];
        foreach (KeyValuePair<string, string> pair in labels.Pairs)
        {
            if (_byPair.TryGetValue(pair, out List<ISelecting>? found))
            {
                selecting.AddRange(found.Where(candidate => labels.IsSelectedBy(candidate.Selector)));
            }
        }

        return selecting;
    }

    private int CountAt(KeyValuePair<string, string> pair) => _byPair.TryGetValue(pair, out List<ISelecting>? found) ? found.Count : 0;
}
