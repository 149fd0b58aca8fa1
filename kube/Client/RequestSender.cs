using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using Ambient.Kube.Configuration;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>Sends one request: with the credential of the moment, again where the server asks for it, and every failure as one type.</summary>
internal sealed class RequestSender(
    KubernetesConfiguration configuration, ClientConnections connections, KubernetesClientOptions options, TimeProvider time)
{
    private const int MaxErrorBytes = 64 * 1024;

    private readonly Uri _root = new(configuration.Server.AbsoluteUri.TrimEnd('/') + "/");

    /// <param name="request">What to ask.</param>
    /// <param name="read">Reads the body of a good answer.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="KubernetesException">There is no good answer.</exception>
    public async Task<TResult> SendAsync<TResult>(
        KubernetesRequest request, Func<Stream, CancellationToken, Task<TResult>> read, CancellationToken cancellation)
    {
        bool wasUnauthorized = false;
        for (int attempt = 0; ; attempt++)
        {
            ClientCredential credential = await GetCredentialAsync(request, cancellation);
            KubernetesException refusal;
            using (var limit = new CancellationTokenSource(request.Timeout ?? options.RequestTimeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation))
            {
                try
                {
                    using HttpRequestMessage message = ToMessage(request, credential);
                    using HttpResponseMessage response = await connections.For(credential.Certificate).SendAsync(message, either.Token);
                    Stream body = await response.Content.ReadAsStreamAsync(either.Token);
                    if (response.IsSuccessStatusCode)
                    {
                        return await read(body, either.Token);
                    }

                    refusal = await ReadRefusalAsync(request, response, body, either.Token);
                }
                catch (Exception error) when (!cancellation.IsCancellationRequested && ToFailure(request, error, limit.IsCancellationRequested) is { } failure)
                {
                    throw failure;
                }
            }

            if (refusal.Code == HttpStatusCode.Unauthorized && !wasUnauthorized)
            {
                wasUnauthorized = true;
                configuration.Credentials.Reject(credential);
            }
            else if (attempt >= options.MaxRetries || !MayRepeat(refusal))
            {
                throw refusal;
            }
            else
            {
                await Task.Delay(refusal.RetryAfter!.Value, time, cancellation);
            }
        }
    }

    private bool MayRepeat(KubernetesException refusal) =>
        refusal.Code is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && refusal.RetryAfter <= options.LongestRetryAfter;

    private async ValueTask<ClientCredential> GetCredentialAsync(KubernetesRequest request, CancellationToken cancellation)
    {
        try
        {
            return await configuration.Credentials.GetAsync(cancellation);
        }
        catch (KubernetesConfigurationException error)
        {
            throw new KubernetesException(KubernetesFailure.NoCredential, $"{request}: no credential: {error.Message}", error);
        }
    }

    private HttpRequestMessage ToMessage(KubernetesRequest request, ClientCredential credential)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(_root, request.Path))
        {
            // HTTP/2 where TLS agrees on it: a dozen watches then share one connection.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

        // The handler takes the name for TLS, both the one it sends and the one it checks, from here.
        message.Headers.Host = configuration.TlsServerName;
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (credential.Token is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.Token);
        }

        if (request.ContentType is not null)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        return message;
    }

    private async Task<KubernetesException> ReadRefusalAsync(
        KubernetesRequest request, HttpResponseMessage response, Stream body, CancellationToken cancellation)
    {
        ApiStatus? status = null;
        try
        {
            status = ObjectReading.Parse(await ObjectReading.ReadBytesAsync(body, MaxErrorBytes, cancellation), ClientJson.Default.ApiStatus);
        }
        catch (Exception error) when (error is JsonException or KubernetesException)
        {
            // A proxy before the API server answers in its own words; the code says enough.
        }

        string said = status is null
            ? (int)response.StatusCode is >= 300 and < 400 ? "a redirect, which is not followed" : response.ReasonPhrase ?? ""
            : $"{status.Reason}: {status.Message}";
        return new KubernetesException(response.StatusCode, status, $"{request}: {(int)response.StatusCode} {said}", RetryAfter(response, status));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response, ApiStatus? status)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => status?.Details is { RetryAfterSeconds: > 0 } details ? TimeSpan.FromSeconds(details.RetryAfterSeconds) : null,
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    /// <summary>Null for what is no failure of the request: a mistake in our own code.</summary>
    private KubernetesException? ToFailure(KubernetesRequest request, Exception error, bool isOverTime) => error switch
    {
        OperationCanceledException or IOException or HttpRequestException when isOverTime => new KubernetesException(
            KubernetesFailure.TimedOut, $"{request}: no answer within {(request.Timeout ?? options.RequestTimeout).TotalSeconds:0} s.", error),
        OperationCanceledException => new KubernetesException(
            KubernetesFailure.TimedOut, $"{request}: no connection to {_root.Authority} within {options.ConnectTimeout.TotalSeconds:0} s.", error),
        HttpRequestException { InnerException: AuthenticationException tls } => new KubernetesException(
            KubernetesFailure.Unreachable,
            $"{request}: no TLS with {_root.Authority}: {tls.Message} Check the certificate authority of the configuration and the server's name.",
            error),
        HttpRequestException or IOException => new KubernetesException(
            KubernetesFailure.Unreachable, $"{request}: {_root.Authority}: {(error.InnerException ?? error).Message}", error),
        JsonException => new KubernetesException(KubernetesFailure.InvalidAnswer, $"{request}: the answer cannot be read: {error.Message}", error),
        _ => null,
    };
}
