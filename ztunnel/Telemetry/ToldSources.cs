using System.Collections.Concurrent;
using Ambient.Mesh.Telemetry;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// Sources that the mesh does not know, as peers describe them. A description becomes labels of metrics, which are kept for good, so a peer
/// that tells another story with every request must not add to them without end: beyond the limit a source is just unknown.
/// </summary>
internal sealed class ToldSources
{
    public const int MaxSources = 4096;

    /// <summary>Longest description that is believed, in characters; seven names of a cluster fit many times over.</summary>
    public const int MaxLength = 1024;

    private readonly ConcurrentDictionary<string, WorkloadDescription> _known = new(StringComparer.Ordinal);

    /// <summary>Null when the description is too long, or one too many.</summary>
    public WorkloadDescription? Of(Baggage baggage)
    {
        string text = baggage.ToString();
        if (_known.TryGetValue(text, out WorkloadDescription? known))
        {
            return known;
        }

        return text.Length > MaxLength || _known.Count >= MaxSources ? null : _known.GetOrAdd(text, WorkloadDescriptions.Of(baggage));
    }
}
