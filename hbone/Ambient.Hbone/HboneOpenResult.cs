using Ambient.Hbone.Tunnels;
using Ambient.Transport.Lifetime;

namespace Ambient.Hbone;

/// <summary>A stream whose CONNECT was answered with 200, or why there is none.</summary>
public readonly record struct HboneOpenResult(TunnelStream? Stream, ConnectionFailure? Failure);
