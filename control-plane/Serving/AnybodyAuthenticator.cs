using Ambient.ControlPlane.Xds;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Serving;

/// <summary>Asks nobody: for the plaintext port, which is for the machine's own programs (control-plane-and-cni 5.11).</summary>
public sealed class AnybodyAuthenticator : ICallerAuthenticator
{
    public Task<CallerIdentity?> AuthenticateAsync(HttpContext context, CancellationToken cancellation) => Task.FromResult<CallerIdentity?>(null);
}
