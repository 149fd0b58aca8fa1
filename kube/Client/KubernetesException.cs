using System.Net;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Client;

/// <summary>A request to the API server failed. The message says what was asked, what came back and never a credential.</summary>
public sealed class KubernetesException : Exception
{
    public KubernetesException(KubernetesFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <param name="code">The HTTP status.</param>
    /// <param name="status">What the server said; null when it sent no <c>Status</c> object.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="retryAfter">How long the server asked to wait.</param>
    public KubernetesException(HttpStatusCode code, ApiStatus? status, string message, TimeSpan? retryAfter = null)
        : base(message)
    {
        Failure = KubernetesFailure.Refused;
        Code = code;
        Status = status;
        RetryAfter = retryAfter;
    }

    public KubernetesFailure Failure { get; }

    /// <summary>The HTTP status, or that of the status object that ended a watch; zero when the server did not answer.</summary>
    public HttpStatusCode Code { get; }

    /// <summary>What the server said; null when it sent no such object.</summary>
    public ApiStatus? Status { get; }

    /// <summary>The server's word for programs, such as <c>Conflict</c>; empty when it has none.</summary>
    public string Reason => Status?.Reason ?? "";

    /// <summary>How long the server asked to wait before the request is tried again.</summary>
    public TimeSpan? RetryAfter { get; }

    public bool IsNotFound => Code == HttpStatusCode.NotFound;

    /// <summary>The object changed in between, or another field manager owns a field.</summary>
    public bool IsConflict => Code == HttpStatusCode.Conflict && Reason != "AlreadyExists";

    public bool IsAlreadyExists => Code == HttpStatusCode.Conflict && Reason == "AlreadyExists";

    /// <summary>The resource version asked for is too old: list again.</summary>
    public bool IsExpired => Code == HttpStatusCode.Gone || Reason is "Expired" or "Gone";
}
