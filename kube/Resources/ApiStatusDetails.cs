namespace Ambient.Kube.Resources;

/// <summary>What a refusal is about.</summary>
public sealed record ApiStatusDetails
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string Group { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Seconds to wait before the request is tried again; zero when it says none.</summary>
    public int RetryAfterSeconds { get; init; }
}
