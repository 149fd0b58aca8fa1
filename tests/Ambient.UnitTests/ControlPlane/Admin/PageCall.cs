using System.Text.Json;
using Ambient.ControlPlane.Admin;
using Microsoft.AspNetCore.Http;

namespace Ambient.UnitTests.ControlPlane.Admin;

/// <summary>Asks a debug page without a network.</summary>
internal static class PageCall
{
    public static Task<JsonElement> GetAsync(IDebugPage page, string query = "") => GetAsync(page, query, StatusCodes.Status200OK);

    public static async Task<JsonElement> GetAsync(IDebugPage page, string query, int status)
    {
        using MemoryStream body = new();
        DefaultHttpContext context = new() { Response = { Body = body } };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = page.Path;
        context.Request.QueryString = new QueryString(query);
        await page.ServeAsync(context);

        await context.Response.BodyWriter.FlushAsync();
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", context.Response.ContentType);
        using JsonDocument answer = JsonDocument.Parse(body.ToArray());
        return answer.RootElement.Clone();
    }
}
