using Ambient.ControlPlane.Xds;
using Ambient.Grpc;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Serving;

/// <summary>Tries one way after another (control-plane-and-cni 6.2). A caller that none of them accepts is told that, and no more.</summary>
/// <param name="checks">The ways, in order.</param>
/// <param name="refused">Told of each call that was refused, and of every way's reason.</param>
public sealed class CallerAuthenticator(IReadOnlyList<ICredentialCheck> checks, Action<HttpContext, string> refused) : ICallerAuthenticator
{
    public const string OpaqueMessage = "authentication failure";

    public async Task<CallerIdentity?> AuthenticateAsync(HttpContext context, CancellationToken cancellation)
    {
        List<string> reasons = [];
        foreach (ICredentialCheck check in checks)
        {
            Verdict verdict = await check.CheckAsync(context, cancellation);
            if (verdict.Caller is not null)
            {
                return verdict.Caller;
            }

            reasons.Add($"{check.Name}: {verdict.Reason}");
        }

        refused(context, string.Join("; ", reasons));
        throw new GrpcException(GrpcStatusCode.Unauthenticated, OpaqueMessage);
    }
}
