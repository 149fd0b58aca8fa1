using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>
/// The debug pages by path (control-plane-and-cni 5.11). They change nothing: only GET and HEAD are answered. They ask nobody who he is, so they
/// answer clients of the same host or pod alone: whoever may forward a port into the pod may read them.
/// </summary>
public sealed class DebugPages
{
    private const string ListPath = "/debug/list";

    private readonly FrozenDictionary<string, IDebugPage> _pages;

    public DebugPages(params IReadOnlyList<IDebugPage> pages) => _pages = pages.ToFrozenDictionary(page => page.Path, StringComparer.Ordinal);

    /// <summary>What answers, by path, for a listener that has other pages too.</summary>
    public IReadOnlyDictionary<string, RequestDelegate> Delegates =>
        _pages.Keys.Append(ListPath).ToDictionary(path => path, _ => (RequestDelegate)ServeAsync, StringComparer.Ordinal);

    public Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? string.Empty;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return JsonAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "debug pages are only read: use GET");
        }

        if (context.Connection.RemoteIpAddress is { } client && !IPAddress.IsLoopback(client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client))
        {
            return JsonAnswer.RefuseAsync(
                context, StatusCodes.Status403Forbidden, "debug pages answer loopback alone: forward the port (kubectl port-forward) and ask localhost");
        }

        if (_pages.TryGetValue(path, out IDebugPage? page))
        {
            return page.ServeAsync(context);
        }

        return path == ListPath
            ? ListAsync(context)
            : JsonAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, $"there is no such page; {ListPath} names those there are");
    }

    private Task ListAsync(HttpContext context) => JsonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        foreach (IDebugPage page in _pages.Values.OrderBy(page => page.Path, StringComparer.Ordinal))
        {
            json.WriteString(page.Path, page.Help);
        }

        json.WriteEndObject();
    });
}
