namespace Ambient.Kube.Client;

/// <summary>What to ask: everything but the credential.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query below the server's address.</param>
internal sealed record KubernetesRequest(HttpMethod Method, string Path)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>The whole try with its body; null for the client's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>For messages: the path without the query.</summary>
    public override string ToString() => $"{Method} {Path.Split('?')[0]}";
}
