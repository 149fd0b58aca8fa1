namespace Ambient.Kube.Resources;

/// <summary>What a list says of itself.</summary>
public sealed record ListMeta
{
    /// <summary>Where a watch that continues the list starts.</summary>
    public string ResourceVersion { get; init => field = value ?? ""; } = "";

    /// <summary>Asks for the next page; empty on the last.</summary>
    public string Continue { get; init => field = value ?? ""; } = "";
}
