using Ambient.Grpc;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Xds;

/// <summary>Finds out who makes a call (control-plane-and-cni 6.2).</summary>
public interface ICallerAuthenticator
{
    /// <returns>Who it is; null on a port that asks nobody (15010).</returns>
    /// <exception cref="GrpcException">Unauthenticated: no credential was accepted. The text does not say why.</exception>
    Task<CallerIdentity?> AuthenticateAsync(HttpContext context, CancellationToken cancellation);
}
