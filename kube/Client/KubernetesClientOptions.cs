namespace Ambient.Kube.Client;

/// <summary>The limits of a client.</summary>
public sealed record KubernetesClientOptions
{
    public string UserAgent { get; init; } = "ambient";

    /// <summary>TCP and TLS.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One try of a request, or one page of a list, with its body.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The shortest time a watch is asked to last; it is drawn between this and its double, so that watches do not end together.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after its time a watch may still be open before the client ends it itself.</summary>
    public TimeSpan WatchGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of one object: etcd takes 1.5 MiB of a request, and fields the server adds make it little longer.</summary>
    public int MaxObjectBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Objects in one page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Pages of one list: a server that never ends one is not listened to forever.</summary>
    public int MaxPages { get; init; } = 20_000;

    /// <summary>How often a request is repeated that the server asked to repeat later (429 or 503 with <c>Retry-After</c>).</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>A longer wait than this is not waited for: the request fails with what the server said.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(30);
}
