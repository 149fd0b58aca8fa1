using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Ambient.Grpc;

/// <summary>
/// Calls to one server over one HTTP/2 connection, made when first needed and again when it is lost. To have new roots used at once, make
/// a new channel. Safe to use from several threads.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    private readonly GrpcChannelOptions _options;
    private readonly HttpMessageInvoker _http;

    /// <exception cref="ArgumentException">The address is neither http nor https, or https without TLS options.</exception>
    public GrpcChannel(GrpcChannelOptions options)
    {
        bool isSecure = options.Address.Scheme == Uri.UriSchemeHttps;
        if (!isSecure && options.Address.Scheme != Uri.UriSchemeHttp)
        {
            throw new ArgumentException($"{options.Address}: use http:// or https://", nameof(options));
        }

        if (isSecure && options.Tls is null)
        {
            throw new ArgumentException($"{options.Address}: https needs TLS options", nameof(options));
        }

        _options = options;
        ChannelConnector connector = new(options);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellation) => connector.ConnectAsync(context.DnsEndPoint, cancellation),
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.PingInterval,
            KeepAlivePingTimeout = options.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>One request, one answer.</summary>
    /// <exception cref="GrpcException">The call failed.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : IMessage
        where TResponse : class
    {
        await using GrpcDuplexCall<TRequest, TResponse> call = Open(method, options, cancellation);
        await call.WriteLastAsync(request);
        TResponse response = await call.ReadAsync()
            ?? throw new GrpcException(GrpcStatusCode.Internal, "the server ended the call without an answer");
        return await call.ReadAsync() is null
            ? response
            : throw new GrpcException(GrpcStatusCode.Internal, "the server sent more than one answer");
    }

    /// <summary>Starts a call with a stream of messages each way. A failure to connect shows at the first use of the call.</summary>
    /// <param name="method">What to call.</param>
    /// <param name="options">Headers and deadline.</param>
    /// <param name="cancellation">Ends the call at any time of its life.</param>
    public GrpcDuplexCall<TRequest, TResponse> Open<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options, CancellationToken cancellation)
        where TRequest : IMessage
        where TResponse : class
    {
        CallLifetime lifetime = new(options.Deadline, _options.Time, cancellation);
        RequestBody body = new();
        Task<HttpResponseMessage> response = SendAsync(method.Path, options, body, lifetime);
        return new GrpcDuplexCall<TRequest, TResponse>(method, _options.MaxMessageBytes, body, response, lifetime);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, GrpcCallOptions options, RequestBody body, CallLifetime lifetime)
    {
        try
        {
            HttpRequestMessage request = new(HttpMethod.Post, new Uri(_options.Address, path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = body,
            };
            body.Headers.ContentType = ContentType;
            request.Headers.TryAddWithoutValidation("te", "trailers");
            if (options.Deadline is { } deadline)
            {
                request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(deadline));
            }

            if (options.Headers is { } headers)
            {
                foreach ((string name, string value) in await ReadAsync(headers, lifetime.Token))
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }

            return await _http.SendAsync(request, lifetime.Token);
        }
        catch (Exception error)
        {
            Exception failure = lifetime.Explain(error);
            body.Fail(failure);
            throw failure == error ? error : failure;
        }
    }

    /// <summary>Headers that cannot be read (a token's file, say) fail the call like an answer that refuses it.</summary>
    private static async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(
        Func<CancellationToken, ValueTask<IReadOnlyList<KeyValuePair<string, string>>>> headers, CancellationToken cancellation)
    {
        try
        {
            return await headers(cancellation);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new GrpcException(GrpcStatusCode.Unauthenticated, error.Message, error);
        }
    }
}
