namespace Ambient.Certs.Authority;

/// <summary>How an authority is asked (node-proxy 5.1).</summary>
public sealed record CaClientOptions
{
    /// <summary>https, host and port.</summary>
    public required Uri Address { get; init; }

    /// <summary>Opens connections to it, with the roots of now.</summary>
    public required IAuthorityTrust Trust { get; init; }

    /// <summary>Headers of one request, read anew for each, so that a rotated token is used at once.</summary>
    /// <remarks>Throws <see cref="IOException"/> or <see cref="InvalidDataException"/> when a token cannot be read.</remarks>
    public required Func<CancellationToken, ValueTask<IReadOnlyList<KeyValuePair<string, string>>>> Headers { get; init; }

    /// <summary>Asked for; the authority may give less.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// True where one proxy serves many identities and the request names the one it is for; false in dedicated mode, where the token does.
    /// </summary>
    public bool Impersonates { get; init; } = true;

    /// <summary>For one request with everything it needs, connecting included.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told why roots that changed cannot be used; the earlier ones stay in use until a later request finds better.</summary>
    public Action<string>? TrustRefused { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
