using System.Collections.Concurrent;
using Ambient.ControlPlane.Distribution;
using Ambient.Grpc;
using Ambient.Grpc.Server;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Xds;

/// <summary>
/// The aggregated discovery service, in its incremental form (control-plane-and-cni 5.11): who may open a stream, how many there are, and how
/// far each proxy is.
/// </summary>
public sealed class DiscoveryService(ResourceCache cache, DiscoveryLimits limits, IDiscoveryEvents events, TimeProvider time) : IDisposable
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    private readonly ConcurrentDictionary<ProxyStream, bool> _streams = new();
    private readonly SemaphoreSlim _firstPushes = new(limits.MaxConcurrentFirstPushes);
    private int _count;

    /// <summary>Every connected proxy.</summary>
    public IEnumerable<ProxyReport> Proxies => _streams.Keys.Select(stream => stream.Report);

    /// <summary>Serves one stream to its end.</summary>
    /// <exception cref="GrpcException">The caller was refused, or its stream ended for a reason of its own.</exception>
    public async Task ServeAsync(GrpcServerCall call, ICallerAuthenticator authenticator)
    {
        if (Interlocked.Increment(ref _count) > limits.MaxStreams)
        {
            Interlocked.Decrement(ref _count);
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"{limits.MaxStreams} proxies are connected to this replica already");
        }

        try
        {
            CallerIdentity? caller = await authenticator.AuthenticateAsync(call.Context, call.Cancellation);
            DeltaDiscoveryRequest first = await ReadFirstAsync(call);
            ProxyNode node = ProxyNode.Parse(first.Node);
            NodeScope.Require(node, caller);
            await RunAsync(call, node, first);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public void Dispose() => _firstPushes.Dispose();

    private async Task RunAsync(GrpcServerCall call, ProxyNode node, DeltaDiscoveryRequest first)
    {
        using CancellationTokenSource age = new(limits.MaxAge * (1 - (0.1 * Random.Shared.NextDouble())), time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, age.Token);
        using ProxyStream stream = new(call, node, cache, limits, events, _firstPushes, time);
        _streams.TryAdd(stream, true);
        events.Opened(node);
        string reason = "the proxy ended it";
        try
        {
            await stream.RunAsync(first, ending.Token);
        }
        catch (OperationCanceledException error) when (age.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            // The words make a node proxy come back at once (node-proxy 3.5).
            reason = "transport is closing: the stream has reached its age";
            throw new GrpcException(GrpcStatusCode.Unavailable, reason, error);
        }
        catch (Exception error)
        {
            reason = error.Message;
            throw;
        }
        finally
        {
            _streams.TryRemove(stream, out _);
            events.Closed(node, reason);
        }
    }

    private async Task<DeltaDiscoveryRequest> ReadFirstAsync(GrpcServerCall call)
    {
        using CancellationTokenSource timeout = new(limits.FirstRequestTimeout, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, timeout.Token);
        try
        {
            return await call.ReadAsync(DeltaDiscoveryRequest.Parser, ending.Token)
                ?? throw new GrpcException(GrpcStatusCode.InvalidArgument, "the proxy ended the stream before its first request");
        }
        catch (OperationCanceledException error) when (timeout.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.DeadlineExceeded, $"the proxy said nothing within {limits.FirstRequestTimeout}", error);
        }
    }
}
