using Ambient.Grpc;
using Ambient.Xds;
using Ambient.Xds.Messages;

namespace Ambient.Bench.Cluster;

/// <summary>One simulated node: a connection of its own with a stream that takes everything, accepts it and keeps nothing.</summary>
internal sealed class FleetNode(int number, Uri controlPlane, Action<int> arrived) : IDisposable
{
    private const string Path = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    private readonly GrpcChannel _channel = new(new GrpcChannelOptions { Address = controlPlane });
    private readonly TaskCompletionSource<int> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the first push of both types is here; its value is how many workloads and services it had.</summary>
    public Task<int> Loaded => _loaded.Task;

    /// <summary>Runs until it is cancelled. A control plane that is not up yet is tried again; to lose one that was there is a failure.</summary>
    /// <exception cref="GrpcException">The stream broke.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (!await TryAsync(cancellation))
            {
                await Task.Delay(BetweenTries, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
            return;
        }
        catch (Exception error)
        {
            _loaded.TrySetException(error);
            throw;
        }
    }

    public void Dispose() => _channel.Dispose();

    /// <returns>False when the control plane is not there yet.</returns>
    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        await using GrpcDuplexCall<DeltaDiscoveryRequest, ScannedResponse> call = _channel.Open(
            new GrpcMethod<DeltaDiscoveryRequest, ScannedResponse>(Path, bytes => ArrivalScan.Scan(bytes, arrived)), new GrpcCallOptions(), cancellation);
        try
        {
            await call.WriteAsync(First(XdsTypes.Address));
        }
        catch (GrpcException error) when (error.Status == GrpcStatusCode.Unavailable)
        {
            return false;
        }

        await call.WriteAsync(First(XdsTypes.Authorization));
        int? addresses = null;
        bool hasPolicies = false;
        while (await call.ReadAsync() is { } response)
        {
            await call.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce });
            addresses ??= response.TypeUrl == XdsTypes.Address ? response.Resources : null;
            hasPolicies |= response.TypeUrl == XdsTypes.Authorization;
            if (addresses is { } count && hasPolicies)
            {
                _loaded.TrySetResult(count);
            }
        }

        throw new GrpcException(GrpcStatusCode.Unavailable, "the control plane ended the stream");
    }

    private DeltaDiscoveryRequest First(string typeUrl) => new()
    {
        TypeUrl = typeUrl,
        Node = new Node { Id = $"ztunnel~10.255.{number / 250}.{number % 250}~ztunnel-{number}.istio-system~istio-system.svc.cluster.local" },
        ResourceNamesSubscribe = { "*" },
    };
}
