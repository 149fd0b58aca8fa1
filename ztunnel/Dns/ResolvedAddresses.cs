using System.Collections.Immutable;
using System.Net;

namespace Ambient.Ztunnel.Dns;

/// <summary>The addresses of a name.</summary>
/// <param name="Addresses">IPv4 and IPv6 in no particular order; empty when the name has none or could not be looked up.</param>
/// <param name="Error">Why the name could not be looked up; null when the upstream resolver answered.</param>
internal readonly record struct ResolvedAddresses(ImmutableArray<IPAddress> Addresses, string? Error);
