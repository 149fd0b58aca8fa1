namespace Ambient.Kube.Resources;

/// <summary>What the API server says of a request that it refused, and of a watch that it ends: the <c>Status</c> object.</summary>
public sealed record ApiStatus
{
    /// <summary>The HTTP status it stands for; zero when it says none.</summary>
    public int Code { get; init; }

    /// <summary>One word for programs, such as <c>NotFound</c> or <c>Expired</c>.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>A sentence for people.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    public ApiStatusDetails? Details { get; init; }
}
