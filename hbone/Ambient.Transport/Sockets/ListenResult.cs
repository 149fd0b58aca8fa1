using Ambient.Transport.Lifetime;

namespace Ambient.Transport.Sockets;

/// <summary>A listening socket, or why there is none. Exactly one of the two is set.</summary>
public sealed record ListenResult(ListenSocket? Socket, ConnectionFailure? Failure);
