using System.Threading.Channels;
using Ambient.Grpc;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;

namespace Ambient.Xds.Protocol;

/// <summary>One stream, from its subscriptions to its end (node-proxy 3.3, 3.4). Requests of several sources leave in order of their posting.</summary>
internal sealed class DeltaStream : IAsyncDisposable
{
    private const string Path = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    private readonly GrpcChannel _channel;
    private readonly GrpcDuplexCall<DeltaDiscoveryRequest, DeltaResponse> _call;
    private readonly Channel<DeltaDiscoveryRequest> _requests =
        Channel.CreateUnbounded<DeltaDiscoveryRequest>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _writing;

    public DeltaStream(XdsClientOptions options, ResourceDecoder decoder, CancellationToken cancellation)
    {
        _channel = options.Connect();
        GrpcMethod<DeltaDiscoveryRequest, DeltaResponse> method = new(Path, bytes => DeltaResponse.Parse(bytes, decoder));
        _call = _channel.Open(method, new GrpcCallOptions { Headers = options.Headers }, cancellation);
        _writing = WriteAsync();
    }

    /// <summary>Queues a request. After the end of the stream it goes nowhere: what it asked for is part of the next subscription.</summary>
    public void Post(DeltaDiscoveryRequest request) => _requests.Writer.TryWrite(request);

    /// <summary>Completes when the server has taken the stream.</summary>
    /// <exception cref="GrpcException">It did not.</exception>
    public Task WaitUntilTakenAsync() => _call.WaitForHeadersAsync();

    /// <summary>The next response; null when the server ended the stream with status OK.</summary>
    /// <exception cref="GrpcException">It ended otherwise.</exception>
    public Task<DeltaResponse?> ReadAsync() => _call.ReadAsync();

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        try
        {
            await _call.DisposeAsync();
            await _writing;
        }
        finally
        {
            _channel.Dispose();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (DeltaDiscoveryRequest request in _requests.Reader.ReadAllAsync())
            {
                await _call.WriteAsync(request);
            }
        }
        catch (Exception error) when (error is GrpcException or OperationCanceledException)
        {
            // The reader of the same call sees why it ended.
        }
    }
}
