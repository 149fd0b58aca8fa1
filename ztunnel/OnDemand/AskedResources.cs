using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;
using Ambient.Mesh.State;

namespace Ambient.Ztunnel.OnDemand;

/// <summary>
/// What the control plane has been asked for on behalf of one connection. What is not in the mesh afterwards does not exist; what was not
/// asked for may.
/// </summary>
internal sealed class AskedResources
{
    private readonly List<ResourceName> _names = [];

    public int Count => _names.Count;

    public void Add(ResourceName name) => _names.Add(name);

    /// <summary>The demand for whatever has an address; null when it is known or was asked for.</summary>
    public ResourceDemand? Lacks(MeshSnapshot mesh, string role, string network, MeshIp ip) =>
        mesh.HasAddress(network, ip) ? null : Unasked(role, ResourceName.Of(network, ip));

    /// <summary>The same for a waypoint or network gateway.</summary>
    public ResourceDemand? Lacks(MeshSnapshot mesh, string role, GatewayAddress gateway)
    {
        if (gateway.Address is { } address)
        {
            return Lacks(mesh, role, address.Network, address.Ip);
        }

        return mesh.FindGateway(gateway).IsNone ? Unasked(role, ResourceName.Of(gateway)) : null;
    }

    /// <summary>The demand for something that the mesh does not hold; null when it was asked for.</summary>
    public ResourceDemand? Unasked(string role, ResourceName name) => _names.Contains(name) ? null : new ResourceDemand(role, name);
}
