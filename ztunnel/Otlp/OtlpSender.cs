using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Otlp;

/// <summary>Sends requests to the collector, as protobuf over HTTP/1.1 or as unary gRPC calls over HTTP/2.</summary>
internal sealed class OtlpSender : IDisposable
{
    /// <summary>For one export, the answer included (OTEL_EXPORTER_OTLP_TIMEOUT's default).</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int GrpcHeadBytes = 5;
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>gRPC status codes after which the same request may succeed (OTLP specification, "Failures").</summary>
    private static readonly HashSet<string> RetryableStatus = ["1", "4", "8", "10", "11", "14", "15"];

    private readonly OtlpOptions _options;
    private readonly HttpClient _client;

    public OtlpSender(OtlpOptions options)
    {
        _options = options;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _client = new HttpClient(handler) { Timeout = Timeout, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    public async Task<OtlpAnswer> SendAsync(OtlpSignal signal, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = _options.Protocol == OtlpProtocol.Grpc ? Grpc(signal, message.Span) : Http(signal, message);
            foreach ((string name, string value) in _options.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using HttpResponseMessage response = await _client.SendAsync(request, cancellation);
            return Judge(response);
        }
        catch (HttpRequestException error)
        {
            return OtlpAnswer.Later(error.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return OtlpAnswer.Later($"no answer within {Timeout.TotalSeconds} s");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Http(OtlpSignal signal, ReadOnlyMemory<byte> message) =>
        new(HttpMethod.Post, Address(signal.HttpPath)) { Content = Content(new ReadOnlyMemoryContent(message), "application/x-protobuf") };

    private HttpRequestMessage Grpc(OtlpSignal signal, ReadOnlySpan<byte> message)
    {
        byte[] framed = new byte[GrpcHeadBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(GrpcHeadBytes));
        HttpRequestMessage request = new(HttpMethod.Post, Address(signal.GrpcPath))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Content(new ByteArrayContent(framed), "application/grpc"),
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return request;
    }

    private static HttpContent Content(HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private Uri Address(string path) => new($"{_options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    private OtlpAnswer Judge(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            bool isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
            string problem = $"status {(int)response.StatusCode}";
            return isBusy ? OtlpAnswer.Later(problem) : OtlpAnswer.Refused(problem);
        }

        if (_options.Protocol != OtlpProtocol.Grpc)
        {
            return OtlpAnswer.Taken;
        }

        string status = Trailer(response, "grpc-status") ?? "missing";
        if (status == "0")
        {
            return OtlpAnswer.Taken;
        }

        string text = $"grpc-status {status} {Trailer(response, "grpc-message")}".TrimEnd();
        return RetryableStatus.Contains(status) ? OtlpAnswer.Later(text) : OtlpAnswer.Refused(text);
    }

    /// <summary>An answer without a body has its trailers where headers are.</summary>
    private static string? Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? values) || response.Headers.TryGetValues(name, out values)
            ? values.First()
            : null;
}
