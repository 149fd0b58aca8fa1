using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Selection;
using Ambient.ControlPlane.Translation.Services;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>What of a Service or ServiceEntry its workloads depend on.</summary>
/// <param name="Selector">Which workloads it selects; null when it selects none.</param>
/// <param name="Hosts">The names it declares; empty when it is not for the mesh.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Created">Decides between equals: the oldest counts.</param>
internal sealed record ServiceShape(LabelSet? Selector, ImmutableArray<string> Hosts, ImmutableArray<MemberPort> Ports, DateTimeOffset Created)
{
    /// <summary>Whether a workload is a member of the one exactly as of the other.</summary>
    public bool IsSameAs(ServiceShape other) =>
        Equals(Selector, other.Selector) && Hosts.SequenceEqual(other.Hosts) && Ports.SequenceEqual(other.Ports) && Created == other.Created;
}
