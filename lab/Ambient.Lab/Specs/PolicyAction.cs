namespace Ambient.Lab.Specs;

/// <summary>What a match of a policy means (node-proxy 4.3).</summary>
public enum PolicyAction
{
    Allow,
    Deny,
}
