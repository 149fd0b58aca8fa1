namespace Ambient.Mesh.Policies;

public enum StringMatchKind
{
    Exact,
    Prefix,
    Suffix,

    /// <summary>Any value that is not empty.</summary>
    Presence,
}
