using System.Threading.Channels;
using Ambient.Testing.Grpc;

namespace Ambient.Testing.Xds;

/// <summary>A control plane whose test says what every stream is answered, frame by frame.</summary>
public sealed class ScriptedControlPlane : IAsyncDisposable
{
    public const string Path = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<ScriptedStream> _streams = Channel.CreateUnbounded<ScriptedStream>();
    private GrpcTestServer _server = null!;

    public Uri Address => _server.Address;

    public static async Task<ScriptedControlPlane> StartAsync(GrpcTestServerOptions? options = null)
    {
        ScriptedControlPlane plane = new();
        plane._server = await GrpcTestServer.StartAsync(plane.ServeAsync, options);
        return plane;
    }

    /// <summary>The next stream that a proxy opens.</summary>
    public async Task<ScriptedStream> AcceptAsync() => await _streams.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public void AbortConnections() => _server.AbortConnections();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(GrpcServerCall call)
    {
        ScriptedStream stream = new(call);
        _streams.Writer.TryWrite(stream);
        await stream.Ended;
    }
}
