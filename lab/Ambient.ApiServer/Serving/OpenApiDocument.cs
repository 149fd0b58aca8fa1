using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>
/// The OpenAPI document that kubectl asks for before it applies anything. It describes no kind: what is applied is checked here, by the
/// schema of its definition, and not by the client.
/// </summary>
internal static class OpenApiDocument
{
    private const string ProtobufType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    // Document { swagger = 1: "2.0", info = 2: { title = 1, version = 2 }, paths = 8: {} }
    private static readonly byte[] Protobuf = [0x0a, 3, .. "2.0"u8, 0x12, 13, 0x0a, 7, .. "Ambient"u8, 0x12, 2, .. "v1"u8, 0x42, 0];

    private static readonly byte[] Json = """{"swagger":"2.0","info":{"title":"Ambient","version":"v1"},"paths":{}}"""u8.ToArray();

    public static Task SendAsync(HttpContext context)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("protobuf", StringComparison.Ordinal))
        {
            return Answer.SendAsync(context, 200, Json);
        }

        context.Response.ContentType = ProtobufType;
        return context.Response.Body.WriteAsync(Protobuf, context.RequestAborted).AsTask();
    }
}
