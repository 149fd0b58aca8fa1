using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ambient.Kube.Configuration;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>
/// Talks to one API server. Every call fails with <see cref="KubernetesException"/>, or <see cref="OperationCanceledException"/> where the
/// caller ended it. Safe for use by many at once.
/// </summary>
public sealed class KubernetesClient : IDisposable
{
    private const string JsonContent = "application/json";

    private readonly ClientConnections _connections;
    private readonly KubernetesClientOptions _options;
    private readonly RequestSender _sender;

    public KubernetesClient(KubernetesConfiguration configuration, KubernetesClientOptions options, TimeProvider time)
        : this(configuration, options, time, new ClientConnections(configuration, options))
    {
    }

    /// <summary>Sends through a handler instead of the network: for tests, and for an API server in the same process.</summary>
    public KubernetesClient(KubernetesConfiguration configuration, KubernetesClientOptions options, TimeProvider time, HttpMessageHandler handler)
        : this(configuration, options, time, new ClientConnections(handler))
    {
    }

    private KubernetesClient(KubernetesConfiguration configuration, KubernetesClientOptions options, TimeProvider time, ClientConnections connections)
    {
        Configuration = configuration;
        _options = options;
        _connections = connections;
        _sender = new RequestSender(configuration, connections, options, time);
    }

    public KubernetesConfiguration Configuration { get; }

    public KubernetesClientOptions Options => _options;

    /// <exception cref="KubernetesException">Also when there is no such object: <see cref="KubernetesException.IsNotFound"/>.</exception>
    public Task<T> GetAsync<T>(ResourceType<T> type, ObjectName name, CancellationToken cancellation)
        where T : class, IKubernetesObject =>
        ReadAsync(RequestPath.Object(type, name), type.Json, cancellation);

    /// <returns>Null when there is no such object.</returns>
    public async Task<T?> FindAsync<T>(ResourceType<T> type, ObjectName name, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        try
        {
            return await GetAsync(type, name, cancellation);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Any answer that is one JSON value, such as those of discovery.</summary>
    /// <param name="path">Below the server's address, without a leading slash.</param>
    /// <param name="json">How it is read.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<TValue> ReadAsync<TValue>(string path, JsonTypeInfo<TValue> json, CancellationToken cancellation)
        where TValue : class =>
        SendAsync(new KubernetesRequest(HttpMethod.Get, path), json, cancellation);

    /// <summary>
    /// Lists page by page and hands over each object as it arrives, so that nobody holds the list twice. Objects of a list come without
    /// apiVersion and kind.
    /// </summary>
    /// <param name="type">The kind.</param>
    /// <param name="options">Which of them.</param>
    /// <param name="each">Takes each object, in the server's order.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The resource version from which a watch continues the list.</returns>
    /// <exception cref="KubernetesException">
    /// Also in the middle: what was handed over is then a part of the list. <see cref="KubernetesException.IsExpired"/>: it changed too
    /// much between pages; list again, <see cref="ListOptions.Unpaged"/>.
    /// </exception>
    public async Task<string> ListAsync<T>(ResourceType<T> type, ListOptions options, Action<T> each, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        string collection = RequestPath.Collection(type, options.Namespace);
        string pageSize = options.Unpaged ? "" : _options.PageSize.ToString(CultureInfo.InvariantCulture);
        string next = "";
        for (int page = 0; page < _options.MaxPages; page++)
        {
            string path = RequestPath.WithQuery(
                collection,
                ("labelSelector", options.LabelSelector),
                ("fieldSelector", options.FieldSelector),
                ("limit", pageSize),
                ("continue", next));
            ListMeta read = await _sender.SendAsync(new KubernetesRequest(HttpMethod.Get, path), ReadPageAsync, cancellation);
            if (read.Continue.Length == 0)
            {
                return read.ResourceVersion;
            }

            next = read.Continue;
        }

        throw new KubernetesException(KubernetesFailure.InvalidAnswer, $"GET {collection}: the list did not end after {_options.MaxPages} pages.");

        async Task<ListMeta> ReadPageAsync(Stream body, CancellationToken ended)
        {
            var reader = new ListReader<T>(type.Json, _options.MaxObjectBytes, each);
            await reader.ReadAsync(body, ended);
            return reader.Metadata;
        }
    }

    /// <summary>One watch: hands over events as they come, until the server ends it. <c>Reflector</c> and <c>Informer</c> keep one going.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="options">Which of them.</param>
    /// <param name="resourceVersion">Where it starts: what a list or an event said.</param>
    /// <param name="each">Takes each event, in order.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="KubernetesException">Also where the server ends the watch with an error, such as <see cref="KubernetesException.IsExpired"/>.</exception>
    public async Task WatchAsync<T>(
        ResourceType<T> type, ListOptions options, string resourceVersion, Action<WatchEvent<T>> each, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        TimeSpan timeout = _options.WatchTimeout * (1 + Random.Shared.NextDouble());
        string path = RequestPath.WithQuery(
            RequestPath.Collection(type, options.Namespace),
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", resourceVersion),
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector),
            ("timeoutSeconds", ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        var request = new KubernetesRequest(HttpMethod.Get, path) { Timeout = timeout + _options.WatchGrace };
        await _sender.SendAsync(request, ReadEventsAsync, cancellation);

        async Task<bool> ReadEventsAsync(Stream body, CancellationToken ended)
        {
            using var lines = new LineReader(body, _options.MaxObjectBytes);
            while (await lines.ReadAsync(ended) is { } line)
            {
                if (!line.Span.Trim(" \r"u8).IsEmpty)
                {
                    each(WatchLine.Parse(line.Span, type.Json));
                }
            }

            return true;
        }
    }

    /// <exception cref="KubernetesException">Also when it is there already: <see cref="KubernetesException.IsAlreadyExists"/>.</exception>
    public Task<T> CreateAsync<T>(ResourceType<T> type, T value, CancellationToken cancellation, WriteOptions? options = null)
        where T : class, IKubernetesObject
    {
        if (type.Namespaced && value.Metadata.Namespace.Length == 0)
        {
            throw new ArgumentException($"{type.Kind} {value.Metadata.Name} needs a namespace.", nameof(value));
        }

        string path = RequestPath.Collection(type, value.Metadata.Namespace);
        return WriteAsync(HttpMethod.Post, path, JsonContent, ObjectWriter.ToJson(type, value), type.Json, options, cancellation);
    }

    /// <summary>Writes the object whole; with its resource version only if it did not change since.</summary>
    public Task<T> ReplaceAsync<T>(ResourceType<T> type, T value, CancellationToken cancellation, WriteOptions? options = null)
        where T : class, IKubernetesObject
    {
        string path = RequestPath.Object(type, NameOf(value), options?.Subresource ?? "");
        return WriteAsync(HttpMethod.Put, path, JsonContent, ObjectWriter.ToJson(type, value), type.Json, options, cancellation);
    }

    public Task<T> PatchAsync<T>(
        ResourceType<T> type, ObjectName name, KubernetesPatch patch, CancellationToken cancellation, WriteOptions? options = null)
        where T : class, IKubernetesObject
    {
        string path = RequestPath.Object(type, name, options?.Subresource ?? "");
        return WriteAsync(HttpMethod.Patch, path, patch.ContentType, patch.Content, type.Json, options, cancellation);
    }

    /// <summary>Server-side apply: creates the object or takes over these fields of it, and gives up those that were applied before and are not here.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="name">The object.</param>
    /// <param name="fields">The fields to own, such as <c>{"status": {...}}</c>; kind and name are filled in.</param>
    /// <param name="options">The field manager, which must be said; whether to take fields of others; the subresource.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<T> ApplyAsync<T>(ResourceType<T> type, ObjectName name, JsonObject fields, WriteOptions options, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        ArgumentException.ThrowIfNullOrEmpty(options.FieldManager);
        return PatchAsync(type, name, KubernetesPatch.Apply(ObjectWriter.ToConfiguration(type, name, fields)), cancellation, options);
    }

    /// <summary>Server-side apply of a whole object. Every field that the record writes is then owned.</summary>
    public Task<T> ApplyAsync<T>(ResourceType<T> type, T value, WriteOptions options, CancellationToken cancellation)
        where T : class, IKubernetesObject =>
        ApplyAsync(type, NameOf(value), ObjectWriter.ToJson(type, value), options, cancellation);

    /// <exception cref="KubernetesException">Also when there is no such object, and when a condition does not hold.</exception>
    public async Task DeleteAsync<T>(ResourceType<T> type, ObjectName name, CancellationToken cancellation, DeleteOptions? options = null)
        where T : class, IKubernetesObject
    {
        var request = new KubernetesRequest(HttpMethod.Delete, RequestPath.Object(type, name))
        {
            ContentType = JsonContent,
            Body = ObjectWriter.ToBytes(DeleteBody.Of(options ?? new DeleteOptions())),
        };
        await _sender.SendAsync(request, (body, ended) => ObjectReading.ReadBytesAsync(body, _options.MaxObjectBytes, ended), cancellation);
    }

    /// <summary>Asks whose token this is (control-plane-and-cni 6).</summary>
    /// <param name="token">The token; it is in the body of the request and in no message.</param>
    /// <param name="audiences">For whom it must be; empty for the API server itself.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<TokenReviewStatus> ReviewTokenAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellation)
    {
        var question = new TokenReview { Spec = new TokenReviewSpec { Token = token, Audiences = [.. audiences] } };
        TokenReview answer = await CreateAsync(TokenReview.Type, question, cancellation);
        return answer.Status;
    }

    public void Dispose() => _connections.Dispose();

    private static ObjectName NameOf(IKubernetesObject value) => new(value.Metadata.Namespace, value.Metadata.Name);

    private Task<TValue> WriteAsync<TValue>(
        HttpMethod method, string path, string contentType, JsonNode content, JsonTypeInfo<TValue> json, WriteOptions? options, CancellationToken cancellation)
        where TValue : class
    {
        string query = RequestPath.WithQuery(
            path,
            ("fieldManager", options?.FieldManager),
            ("force", options?.Force == true ? "true" : ""),
            ("dryRun", options?.DryRun == true ? "All" : ""),
            ("fieldValidation", options?.FieldValidation));
        return SendAsync(new KubernetesRequest(method, query) { ContentType = contentType, Body = ObjectWriter.ToBytes(content) }, json, cancellation);
    }

    private Task<TValue> SendAsync<TValue>(KubernetesRequest request, JsonTypeInfo<TValue> json, CancellationToken cancellation)
        where TValue : class =>
        _sender.SendAsync(request, (body, ended) => ObjectReading.ReadAsync(body, json, _options.MaxObjectBytes, ended), cancellation);
}
