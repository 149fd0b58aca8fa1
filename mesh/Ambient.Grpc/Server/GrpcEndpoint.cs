using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Ambient.Grpc.Server;

/// <summary>Serves one method: takes the request, runs the method, and ends the call with a status (gRPC over HTTP/2).</summary>
/// <param name="method">Runs a call to its end; a <see cref="GrpcException"/> says with what status it fails.</param>
/// <param name="maxMessageBytes">The longest message that is taken.</param>
/// <param name="time">Runs the callers' deadlines.</param>
/// <param name="onFailure">Told of what the method did not expect; the caller sees "internal error" and no more.</param>
/// <param name="stopping">Cancelled when the server stops; calls then end with status Unavailable.</param>
public sealed class GrpcEndpoint(
    Func<GrpcServerCall, Task> method, int maxMessageBytes, TimeProvider time, Action<HttpContext, Exception> onFailure, CancellationToken stopping)
{
    private const string ContentType = "application/grpc";

    /// <summary>Some callers say "never" with a number. No timer runs for years.</summary>
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    /// <summary>Answers one request. Throws nothing: whatever happens becomes the call's status.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (!IsGrpc(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.ContentType = ContentType;
        using CancellationTokenSource? deadline = Deadline(context.Request);
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, stopping, deadline?.Token ?? CancellationToken.None);
        GrpcException? failure = await RunAsync(context, deadline, all.Token);
        if (!context.RequestAborted.IsCancellationRequested)
        {
            End(context.Response, failure);
        }
    }

    private async Task<GrpcException?> RunAsync(HttpContext context, CancellationTokenSource? deadline, CancellationToken cancellation)
    {
        try
        {
            await method(new GrpcServerCall(context, maxMessageBytes, cancellation));
            return null;
        }
        catch (GrpcException refused)
        {
            return refused;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // The words "transport is closing" make a node proxy come back at once (node-proxy 3.5).
            return deadline is { IsCancellationRequested: true }
                ? new GrpcException(GrpcStatusCode.DeadlineExceeded, "the deadline passed", error)
                : new GrpcException(GrpcStatusCode.Unavailable, "transport is closing", error);
        }
        catch (Exception error)
        {
            onFailure(context, error);
            return new GrpcException(GrpcStatusCode.Internal, "internal error; the server's log has the cause", error);
        }
    }

    private static bool IsGrpc(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && HttpProtocol.IsHttp2(request.Protocol)
        && request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    private CancellationTokenSource? Deadline(HttpRequest request) =>
        GrpcTimeout.Parse(request.Headers["grpc-timeout"]) is { } duration && duration < LongestDeadline ? new CancellationTokenSource(duration, time) : null;

    private static void End(HttpResponse response, GrpcException? failure)
    {
        response.AppendTrailer("grpc-status", ((int)(failure?.Status ?? GrpcStatusCode.Ok)).ToString(CultureInfo.InvariantCulture));
        if (failure is not null)
        {
            response.AppendTrailer("grpc-message", Encode(failure.Detail));
        }
    }

    /// <summary>Percent-encodes what a header cannot hold.</summary>
    internal static string Encode(string message)
    {
        StringBuilder text = new(message.Length);
        foreach (byte value in Encoding.UTF8.GetBytes(message))
        {
            _ = value is >= 0x20 and <= 0x7e and not (byte)'%'
                ? text.Append((char)value)
                : text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return text.ToString();
    }
}
