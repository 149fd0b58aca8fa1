using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>Sends one JSON value.</summary>
internal static class Answer
{
    public static Task SendAsync(HttpContext context, int code, JsonObject value) =>
        SendAsync(context, code, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Default.JsonObject));

    public static async Task SendAsync(HttpContext context, int code, byte[] json)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    public static Task SendAsync(HttpContext context, ApiException error)
    {
        if (error.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return SendAsync(context, error.Code, error.ToStatus());
    }
}
