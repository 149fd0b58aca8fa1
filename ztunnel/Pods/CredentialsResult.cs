using Ambient.Tls;
using Ambient.Transport.Lifetime;

namespace Ambient.Ztunnel.Pods;

/// <summary>Credentials for a handshake, or why there are none. Exactly one of the two is set.</summary>
internal readonly record struct CredentialsResult(TlsCredentials? Credentials, ConnectionFailure? Failure);
