using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Serving;

/// <summary>One way to prove who one is.</summary>
public interface ICredentialCheck
{
    /// <summary>How it is called in the log.</summary>
    string Name { get; }

    /// <summary>Looks at a call's credential of this kind. Throws nothing but its cancellation.</summary>
    Task<Verdict> CheckAsync(HttpContext context, CancellationToken cancellation);
}
