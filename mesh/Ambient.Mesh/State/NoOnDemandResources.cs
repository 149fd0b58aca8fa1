namespace Ambient.Mesh.State;

/// <summary>For a mesh that is known whole: from a file, or by subscription to everything.</summary>
public sealed class NoOnDemandResources : IOnDemandResources
{
    private NoOnDemandResources()
    {
    }

    public static NoOnDemandResources Instance { get; } = new();

    public bool IsActive => false;

    public ValueTask FetchAsync(ResourceName name, CancellationToken cancellation = default) => ValueTask.CompletedTask;
}
