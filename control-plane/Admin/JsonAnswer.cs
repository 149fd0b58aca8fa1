using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>Answers of debug pages: JSON, never kept by a cache and never taken for a web page.</summary>
internal static class JsonAnswer
{
    private const int FirstBytes = 16 * 1024;

    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        ArrayBufferWriter<byte> text = new(FirstBytes);
        using (Utf8JsonWriter json = new(text, Options))
        {
            write(json);
        }

        Begin(context, status);
        context.Response.ContentLength = text.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(text.WrittenMemory, context.RequestAborted);
        }
    }

    /// <summary>Says why there is no answer, and what to ask instead.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string error) => WriteAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteEndObject();
        },
        status);

    /// <summary>The head of an answer.</summary>
    public static void Begin(HttpContext context, int status)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
