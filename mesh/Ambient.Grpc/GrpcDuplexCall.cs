using System.Buffers;
using Google.Protobuf;

namespace Ambient.Grpc;

/// <summary>
/// A call with a stream of messages each way. One reader and one writer at a time. Dispose resets the call when it has not ended.
/// </summary>
public sealed class GrpcDuplexCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : IMessage
    where TResponse : class
{
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly int _maxMessageBytes;
    private readonly RequestBody _body;
    private readonly Task<HttpResponseMessage> _response;
    private readonly CallLifetime _lifetime;
    private MessageReader? _reader;

    internal GrpcDuplexCall(
        GrpcMethod<TRequest, TResponse> method, int maxMessageBytes, RequestBody body, Task<HttpResponseMessage> response, CallLifetime lifetime)
    {
        _method = method;
        _maxMessageBytes = maxMessageBytes;
        _body = body;
        _response = response;
        _lifetime = lifetime;
    }

    /// <summary>Completes when the server has taken the call: its headers are here and promise messages.</summary>
    /// <exception cref="GrpcException">No connection, or the server refused the call.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task WaitForHeadersAsync()
    {
        HttpResponseMessage response = await _response;
        ResponseStatus.RequireGrpc(response);
    }

    /// <summary>Sends one message. When it fails the call has failed.</summary>
    /// <exception cref="GrpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task WriteAsync(TRequest message)
    {
        int length = message.CalculateSize();
        byte[] frame = ArrayPool<byte>.Shared.Rent(MessageHeader.Length + length);
        try
        {
            MessageHeader.Write(frame, length);
            message.WriteTo(frame.AsSpan(MessageHeader.Length, length));
            Stream stream = await _body.Stream.WaitAsync(_lifetime.Token);
            await stream.WriteAsync(frame.AsMemory(0, MessageHeader.Length + length), _lifetime.Token);
            await stream.FlushAsync(_lifetime.Token);
        }
        catch (Exception error)
        {
            Exception failure = _lifetime.Explain(error);
            throw failure == error ? error : failure;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Tells the server that no more messages follow.</summary>
    public void CompleteWriting() => _body.Complete();

    /// <summary>The next message; null when the server ended the call with status OK.</summary>
    /// <exception cref="GrpcException">The call ended with another status, or broke.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<TResponse?> ReadAsync()
    {
        try
        {
            HttpResponseMessage response = await _response;
            ResponseStatus.RequireGrpc(response);
            _reader ??= new MessageReader(await response.Content.ReadAsStreamAsync(_lifetime.Token), _maxMessageBytes);
            using MessageBuffer? message = await _reader.ReadAsync(_lifetime.Token);
            if (message is not null)
            {
                return _method.Parse(message.Bytes);
            }

            ResponseStatus.RequireOk(response);
            return null;
        }
        catch (Exception error)
        {
            Exception failure = _lifetime.Explain(error);
            throw failure == error ? error : failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lifetime.Cancel();
        _body.Complete();
        try
        {
            (await _response).Dispose();
        }
        catch (Exception error) when (error is GrpcException or OperationCanceledException)
        {
            // Whoever used the call has seen it.
        }

        _lifetime.Dispose();
    }

    /// <summary>Sends the only message of a unary call; a refusal that comes while it is sent is left for the reader to see.</summary>
    internal async Task WriteLastAsync(TRequest message)
    {
        try
        {
            await WriteAsync(message);
        }
        catch (GrpcException error) when (error.Status is not (GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Unavailable))
        {
            return;
        }

        CompleteWriting();
    }
}
