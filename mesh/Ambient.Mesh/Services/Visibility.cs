namespace Ambient.Mesh.Services;

public enum Visibility
{
    Public,

    /// <summary>Only clients of the service's own namespace find it.</summary>
    Namespace,
}
