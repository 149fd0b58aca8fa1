namespace Ambient.Kube.Configuration;

/// <summary>How to reach one cluster and who we are there. Read by <see cref="ConfigurationSource"/>, or built by hand.</summary>
/// <param name="Server">Where the API server is, <c>https://host:port</c>, with a path before the API's where it has one.</param>
public sealed record KubernetesConfiguration(Uri Server)
{
    /// <summary>Which servers are believed.</summary>
    public ServerTrust Trust { get; init; } = ServerTrust.System;

    /// <summary>The name that the server's certificate must have where that is not the host's.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>The proxy to go through; null for none.</summary>
    public Uri? Proxy { get; init; }

    public IClientCredentials Credentials { get; init; } = FixedCredentials.None;

    /// <summary>The namespace meant where none is said.</summary>
    public string Namespace { get; init; } = "default";
}
