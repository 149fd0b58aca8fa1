using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>The debug pages by path (control-plane-and-cni 5.11). They change nothing: only GET and HEAD are answered.</summary>
public sealed class DebugPages
{
    private const string ListPath = "/debug/list";

    private readonly FrozenDictionary<string, IDebugPage> _pages;

    public DebugPages(params IReadOnlyList<IDebugPage> pages) => _pages = pages.ToFrozenDictionary(page => page.Path, StringComparer.Ordinal);

    /// <summary>Whether a path is one of these pages.</summary>
    public bool Serves(string path) => path is "/debug" or ListPath || _pages.ContainsKey(path);

    public Task ServeAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? string.Empty;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return JsonAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "debug pages are only read: use GET");
        }

        if (_pages.TryGetValue(path, out IDebugPage? page))
        {
            return page.ServeAsync(context);
        }

        return Serves(path)
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
