using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;

namespace Ambient.Mesh.State;

/// <summary>What an address or host name stands for: at most one of the two is set.</summary>
public readonly record struct AddressMatch(Workload? Workload, Service? Service)
{
    public bool IsNone => Workload is null && Service is null;
}
