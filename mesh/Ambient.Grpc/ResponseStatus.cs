using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Ambient.Grpc;

/// <summary>What a response's headers and trailers say of the call.</summary>
internal static class ResponseStatus
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    /// <summary>Whether the headers promise messages. A call may also end in its headers ("Trailers-Only").</summary>
    /// <exception cref="GrpcException">They do not.</exception>
    public static void RequireGrpc(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new GrpcException(StatusOf(response.StatusCode), $"the server answered HTTP status {(int)response.StatusCode}");
        }

        if (Find(response.Headers, StatusHeader) is not null)
        {
            ThrowUnlessOk(response.Headers);
        }

        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new GrpcException(GrpcStatusCode.Unknown, "the server did not answer with content type application/grpc: it is no gRPC server");
        }
    }

    /// <summary>Whether the call ended well; asked after its last byte.</summary>
    /// <exception cref="GrpcException">It did not.</exception>
    public static void RequireOk(HttpResponseMessage response)
    {
        HttpHeaders place = Find(response.Headers, StatusHeader) is null ? response.TrailingHeaders : response.Headers;
        ThrowUnlessOk(place);
    }

    private static void ThrowUnlessOk(HttpHeaders headers)
    {
        if (Find(headers, StatusHeader) is not { } text)
        {
            throw new GrpcException(GrpcStatusCode.Unknown, "the server ended the call without a status");
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            throw new GrpcException(GrpcStatusCode.Unknown, $"the server ended the call with status '{text}', which is no number");
        }

        if (code != 0)
        {
            GrpcStatusCode status = code <= (int)GrpcStatusCode.Unauthenticated ? (GrpcStatusCode)code : GrpcStatusCode.Unknown;
            throw new GrpcException(status, Decode(Find(headers, MessageHeader) ?? string.Empty));
        }
    }

    private static string? Find(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    private static GrpcStatusCode StatusOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => GrpcStatusCode.Internal,
        HttpStatusCode.Unauthorized => GrpcStatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => GrpcStatusCode.PermissionDenied,
        HttpStatusCode.NotFound => GrpcStatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    /// <summary>Percent-decodes; what is no valid escape stays as it is, so that a bad message is shown rather than lost.</summary>
    internal static string Decode(string message)
    {
        if (!message.Contains('%', StringComparison.Ordinal))
        {
            return message;
        }

        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(message.Length)];
        int length = 0;
        for (int index = 0; index < message.Length; index++)
        {
            if (message[index] == '%' && index + 2 < message.Length
                && byte.TryParse(message.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte escaped))
            {
                bytes[length++] = escaped;
                index += 2;
            }
            else
            {
                length += Encoding.UTF8.GetBytes(message.AsSpan(index, 1), bytes.AsSpan(length));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
