using Ambient.Transport.Lifetime;

namespace Ambient.Transport.Sockets;

/// <summary>A connected socket, or why there is none. Exactly one of the two is set.</summary>
/// <param name="Socket">Connected and registered on the loop that dialled; the caller disposes it.</param>
/// <param name="Failure">Phase Connect.</param>
/// <param name="SourceBind">What became of <see cref="DialOptions.TransparentSource"/>.</param>
public readonly record struct DialResult(LoopSocket? Socket, ConnectionFailure? Failure, SourceBind SourceBind = SourceBind.NotRequested);
