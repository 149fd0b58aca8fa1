using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Transport.Lifetime;

namespace Ambient.Hbone;

/// <summary>A stream whose CONNECT was answered with 200, or why there is none.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Response">The header list of the answer; not kept by the stream.</param>
public readonly record struct HboneOpenResult(TunnelStream? Stream, ConnectionFailure? Failure, Http2Headers? Response = null);
