using System.Collections;
using System.Runtime.InteropServices;

namespace Ambient.Mesh.Services;

/// <summary>Service port to target port, immutable and ordered by service port. A target of 0 is a named port, which each endpoint maps itself.</summary>
public sealed class PortMap : IReadOnlyCollection<PortMapping>, IEquatable<PortMap>
{
    private readonly PortMapping[] _mappings;

    private PortMap(PortMapping[] mappings) => _mappings = mappings;

    public static PortMap Empty { get; } = new([]);

    public int Count => _mappings.Length;

    /// <summary>The last mapping of a service port wins.</summary>
    public static PortMap Create(IEnumerable<PortMapping> mappings)
    {
        SortedDictionary<ushort, ushort> sorted = [];
        foreach (PortMapping mapping in mappings)
        {
            sorted[mapping.ServicePort] = mapping.TargetPort;
        }

        return sorted.Count == 0 ? Empty : new PortMap([.. sorted.Select(pair => new PortMapping(pair.Key, pair.Value))]);
    }

    /// <summary>A map of one port, the common case.</summary>
    public static PortMap Of(ushort servicePort, ushort targetPort) => new([new PortMapping(servicePort, targetPort)]);

    public bool TryGetTarget(ushort servicePort, out ushort targetPort)
    {
        foreach (PortMapping mapping in _mappings)
        {
            if (mapping.ServicePort == servicePort)
            {
                targetPort = mapping.TargetPort;
                return true;
            }
        }

        targetPort = 0;
        return false;
    }

    public bool Equals(PortMap? other) => other is not null && _mappings.AsSpan().SequenceEqual(other._mappings);

    public override bool Equals(object? obj) => Equals(obj as PortMap);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(_mappings.AsSpan()));
        return hash.ToHashCode();
    }

    /// <summary>Walks without allocating; routing does it for every connection.</summary>
    public ReadOnlySpan<PortMapping>.Enumerator GetEnumerator() => new ReadOnlySpan<PortMapping>(_mappings).GetEnumerator();

    IEnumerator<PortMapping> IEnumerable<PortMapping>.GetEnumerator() => ((IEnumerable<PortMapping>)_mappings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _mappings.GetEnumerator();
}
