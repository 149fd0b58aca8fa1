using System.Buffers;
using Google.Protobuf;

namespace Ambient.Grpc;

/// <summary>One method of a service.</summary>
/// <param name="Path">With the leading slash, e.g. <c>/package.Service/Method</c>.</param>
/// <param name="Parse">
/// Reads one message. The bytes are valid only during the call. Throws <see cref="InvalidProtocolBufferException"/> or
/// <see cref="FormatException"/> for bytes that are no message; the call then ends with status Internal.
/// </param>
public sealed record GrpcMethod<TRequest, TResponse>(string Path, Func<ReadOnlySequence<byte>, TResponse> Parse)
    where TRequest : IMessage
    where TResponse : class;
