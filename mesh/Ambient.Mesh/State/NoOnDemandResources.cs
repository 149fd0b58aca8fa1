using Ambient.Mesh.Addresses;
using Ambient.Mesh.Services;

namespace Ambient.Mesh.State;

/// <summary>For a mesh that is known whole: from a file, or by subscription to everything.</summary>
public sealed class NoOnDemandResources : IOnDemandResources
{
    private NoOnDemandResources()
    {
    }

    public static NoOnDemandResources Instance { get; } = new();

    public bool IsActive => false;

    public ValueTask FetchAddressAsync(string network, MeshIp ip, CancellationToken cancellation = default) => ValueTask.CompletedTask;

    public ValueTask FetchServiceAsync(ServiceKey service, CancellationToken cancellation = default) => ValueTask.CompletedTask;

    public ValueTask FetchWorkloadAsync(string uid, CancellationToken cancellation = default) => ValueTask.CompletedTask;
}
