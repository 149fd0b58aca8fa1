using System.Net.Sockets;

namespace Ambient.Ztunnel.Dns;

/// <summary>Makes the sockets towards upstream resolvers: in a pod's namespace with its mark, or in the proxy's own.</summary>
/// <exception cref="IOException">The socket cannot be made.</exception>
internal delegate Socket SocketSource(AddressFamily family, SocketType type);
