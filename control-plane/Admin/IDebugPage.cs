using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>One page of the debug port.</summary>
public interface IDebugPage
{
    /// <summary>Where it is, such as <c>/debug/syncz</c>.</summary>
    string Path { get; }

    /// <summary>What it shows, and its parameters.</summary>
    string Help { get; }

    Task ServeAsync(HttpContext context);
}
