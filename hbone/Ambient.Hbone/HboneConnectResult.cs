using Ambient.Hbone.Tunnels;
using Ambient.Transport.Lifetime;

namespace Ambient.Hbone;

/// <summary>A tunnel that is up, or why there is none.</summary>
public readonly record struct HboneConnectResult(TunnelConnection? Connection, ConnectionFailure? Failure);
