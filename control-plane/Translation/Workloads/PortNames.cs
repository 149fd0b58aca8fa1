using System.Collections.Immutable;
using Ambient.Kube.Resources.Core;

namespace Ambient.ControlPlane.Translation.Workloads;

/// <summary>The named ports of a workload. Pods of one template share one.</summary>
internal sealed class PortNames : IEquatable<PortNames>
{
    private const string AlwaysRestart = "Always";

    private readonly (string Name, uint Number)[] _ports;

    private PortNames((string Name, uint Number)[] ports) => _ports = ports;

    public static PortNames None { get; } = new([]);

    /// <summary>The TCP ports of the containers, and of the init containers that keep running; the first of a name counts.</summary>
    public static PortNames Of(PodSpec pod)
    {
        List<(string Name, uint Number)> ports = [];
        IEnumerable<Container> containers = pod.Containers.Concat(pod.InitContainers.Where(container => container.RestartPolicy == AlwaysRestart));
        foreach (ContainerPort port in containers.SelectMany(container => container.Ports))
        {
            if (port.Name.Length > 0 && port.Protocol is "" or "TCP" && port.Number is > 0 and <= ushort.MaxValue)
            {
                ports.Add((port.Name, (uint)port.Number));
            }
        }

        return ports.Count == 0 ? None : new PortNames([.. ports]);
    }

    public static PortNames Of(ImmutableDictionary<string, uint> ports) =>
        ports.IsEmpty ? None : new PortNames([.. ports.Select(port => (port.Key, port.Value))]);

    /// <summary>The number of a name; 0 when there is none.</summary>
    public uint Find(string name)
    {
        foreach ((string held, uint number) in _ports)
        {
            if (held == name)
            {
                return number;
            }
        }

        return 0;
    }

    public bool Equals(PortNames? other) => other is not null && _ports.AsSpan().SequenceEqual(other._ports);

    public override bool Equals(object? obj) => Equals(obj as PortNames);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach ((string name, uint number) in _ports)
        {
            hash.Add(name);
            hash.Add(number);
        }

        return hash.ToHashCode();
    }
}
