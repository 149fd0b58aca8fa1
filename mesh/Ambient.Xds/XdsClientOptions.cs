using Ambient.Grpc;

namespace Ambient.Xds;

/// <summary>Which control plane, and as whom.</summary>
public sealed record XdsClientOptions
{
    /// <summary>Makes the channel of one stream, so that roots are read again at every connect (node-proxy 3.1).</summary>
    public required Func<GrpcChannel> Connect { get; init; }

    /// <summary>Token and other headers of one stream; asked at its start.</summary>
    public required Func<CancellationToken, ValueTask<IReadOnlyList<KeyValuePair<string, string>>>> Headers { get; init; }

    public required XdsNode Node { get; init; }

    /// <summary>Ask for addresses when they are needed instead of subscribing to all.</summary>
    public bool OnDemand { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
