using Ambient.Mesh.State;

namespace Ambient.Ztunnel.OnDemand;

/// <summary>Something a decision needs to know of the mesh before it can be made.</summary>
/// <param name="Role">What it is for the connection, for messages: "waypoint", say.</param>
/// <param name="Name">By which the control plane is asked for it.</param>
internal readonly record struct ResourceDemand(string Role, ResourceName Name)
{
    public override string ToString() => $"{Role} {Name}";
}
