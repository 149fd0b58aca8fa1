using System.Net;

namespace Ambient.Bench.Footing;

/// <summary>What a ServerHello on the wire says: the choice that both programs made, whatever their configuration claims.</summary>
/// <param name="Server">The listener that sent it.</param>
/// <param name="CipherSuite">The suite's two bytes.</param>
/// <param name="Version">0x0304 is TLS 1.3.</param>
/// <param name="Group">Key exchange group; 0x001d is X25519. 0 when there is none.</param>
/// <param name="IsResumed">True when a pre-shared key was accepted: no certificate was checked.</param>
internal sealed record TlsHello(IPEndPoint Server, ushort CipherSuite, ushort Version, ushort Group, bool IsResumed);
