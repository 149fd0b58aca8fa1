using Ambient.Mesh.Services;

namespace Ambient.Mesh.Dns;

/// <summary>What a name stands for in the mesh.</summary>
/// <param name="StrippedName">The asked name without a search domain of the client, when only that was found; the answer says so with a CNAME.</param>
/// <param name="IsWildcard">A service whose host name begins with an asterisk was found.</param>
public readonly record struct ServiceNameMatch(Service Service, string? StrippedName, bool IsWildcard);
