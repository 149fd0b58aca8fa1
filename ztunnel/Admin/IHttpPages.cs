using Microsoft.AspNetCore.Http;

namespace Ambient.Ztunnel.Admin;

/// <summary>What one HTTP listener answers.</summary>
internal interface IHttpPages
{
    Task ServeAsync(HttpContext context);
}
