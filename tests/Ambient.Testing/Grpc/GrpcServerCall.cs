using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ambient.Testing.Grpc;

/// <summary>The server's end of one call.</summary>
public sealed class GrpcServerCall(HttpContext context)
{
    private const int HeaderLength = 5;

    public HttpContext Context => context;

    public string Path => context.Request.Path;

    /// <summary>Cancelled when the client gave the call up.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Completes when the client gave the call up.</summary>
    public async Task WaitUntilAbortedAsync()
    {
        TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = Aborted.Register(aborted.SetResult);
        await aborted.Task;
    }

    /// <summary>A request header; null when missing.</summary>
    public string? Header(string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The next message; null when the client has sent its last.</summary>
    public async Task<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        byte[] header = new byte[HeaderLength];
        int read = await context.Request.Body.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }

        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);
        return parser.ParseFrom(message);
    }

    public Task WriteAsync(IMessage message) => WriteFrameAsync(0, message.ToByteArray());

    public async Task WriteFrameAsync(byte flag, byte[] message)
    {
        // In one write: a client that refuses the header may have gone before a second one.
        byte[] frame = [flag, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        await WriteRawAsync(frame);
    }

    /// <summary>Bytes as they are, framed or not.</summary>
    public async Task WriteRawAsync(byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes);
        await context.Response.Body.FlushAsync();
    }

    public Task SendHeadersAsync() => context.Response.Body.FlushAsync();

    /// <summary>Sets the status; the call ends when the test's handler returns.</summary>
    public void Finish(int status, string? message = null)
    {
        context.Response.AppendTrailer("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message is not null)
        {
            context.Response.AppendTrailer("grpc-message", message);
        }
    }

    /// <summary>Resets the stream with an HTTP/2 error code.</summary>
    public void Reset(int errorCode) => context.Features.Get<IHttpResetFeature>()!.Reset(errorCode);

    /// <summary>Sends GOAWAY; streams that are open go on.</summary>
    public void GoAway() =>
        context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeNotificationFeature>()!.RequestClose();
}
