using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Ambient.Grpc.Server;

/// <summary>The server's end of one call: messages in, messages out. One reader and one writer at a time.</summary>
/// <param name="context">The HTTP/2 request that carries the call.</param>
/// <param name="maxMessageBytes">The longest message that is taken.</param>
/// <param name="cancellation">Cancelled when the caller has gone, its deadline passed, or the server stops.</param>
public sealed class GrpcServerCall(HttpContext context, int maxMessageBytes, CancellationToken cancellation)
{
    private readonly MessageReader _reader = new(context.Request.Body, maxMessageBytes);

    /// <summary>The request that carries the call: its headers, its connection, its client certificate.</summary>
    public HttpContext Context { get; } = context;

    /// <summary>Cancelled when the caller has gone, its deadline passed, or the server stops.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>A header of the call; "" when it is missing.</summary>
    public string Metadata(string name) => Context.Request.Headers[name].ToString();

    /// <summary>The next message; null when the caller has sent its last.</summary>
    /// <param name="parser">Reads the message.</param>
    /// <param name="cancellation">Ends the wait; nothing can be read after it.</param>
    /// <exception cref="GrpcException">The message is too long, compressed, cut short, or no message of this type.</exception>
    public async Task<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        using MessageBuffer? message = await _reader.ReadAsync(cancellation);
        try
        {
            return message is null ? null : parser.ParseFrom(message.Bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"the message cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Sends a message. Waits while the caller does not read.</summary>
    public async Task WriteAsync(IMessage message)
    {
        int length = message.CalculateSize();
        PipeWriter output = Begin(length);
        message.WriteTo(output.GetSpan(length)[..length]);
        output.Advance(length);
        await FlushAsync();
    }

    /// <summary>Begins a message whose bytes the caller writes into the result: exactly <paramref name="length"/> of them, and then flushes.</summary>
    public PipeWriter Begin(int length)
    {
        PipeWriter output = Context.Response.BodyWriter;
        MessageHeader.Write(output.GetSpan(MessageHeader.Length), length);
        output.Advance(MessageHeader.Length);
        return output;
    }

    /// <summary>Sends what was written. Waits while the caller does not read.</summary>
    /// <exception cref="OperationCanceledException">The call is over.</exception>
    public async Task FlushAsync()
    {
        FlushResult result = await Context.Response.BodyWriter.FlushAsync(Cancellation);
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new OperationCanceledException("the caller has gone");
        }
    }
}
