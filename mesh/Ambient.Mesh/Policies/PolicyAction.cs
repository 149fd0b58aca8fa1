namespace Ambient.Mesh.Policies;

public enum PolicyAction
{
    Allow,
    Deny,
}
