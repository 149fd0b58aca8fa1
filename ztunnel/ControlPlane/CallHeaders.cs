namespace Ambient.Ztunnel.ControlPlane;

/// <summary>
/// What every call to the control plane and the authority carries: the token, read anew for each call so that a rotated one is used at once,
/// with the cluster's id, and the headers that were configured (node-proxy 3.1).
/// </summary>
/// <param name="token">A path or the token itself; null is the default file, if it exists.</param>
/// <param name="clusterId">Sent beside a token.</param>
/// <param name="more">Headers of the settings.</param>
internal sealed class CallHeaders(string? token, string clusterId, IReadOnlyDictionary<string, string> more)
{
    public const string DefaultTokenPath = "./var/run/secrets/tokens/istio-token";

    private const int MaxTokenBytes = 64 * 1024;

    /// <exception cref="IOException">The token's file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no token. Never says what it holds.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(CancellationToken cancellation)
    {
        var headers = new List<KeyValuePair<string, string>>(more.Count + 2);
        if (await ReadTokenAsync(cancellation) is { } bearer)
        {
            headers.Add(new("authorization", $"Bearer {bearer}"));
            headers.Add(new("clusterid", clusterId));
        }

        headers.AddRange(more);
        return headers;
    }

    private async ValueTask<string?> ReadTokenAsync(CancellationToken cancellation)
    {
        string path = token ?? DefaultTokenPath;
        if (File.Exists(path))
        {
            return await ReadFileAsync(path, cancellation);
        }

        return token is null ? null : Require(token, "AUTH_TOKEN is neither an existing file nor a token");
    }

    private static async ValueTask<string> ReadFileAsync(string path, CancellationToken cancellation)
    {
        if (new FileInfo(path).Length > MaxTokenBytes)
        {
            throw new InvalidDataException($"the token file {path} is larger than 64 KiB");
        }

        string text = (await File.ReadAllTextAsync(path, cancellation)).Trim();
        return text.Length > 0
            ? Require(text, $"the token file {path} does not hold a token: it must be printable ASCII without spaces")
            : throw new InvalidDataException($"the token file {path} is empty: a projected service account token should be mounted there");
    }

    /// <summary>A line break in a header's value would be a header of its own.</summary>
    private static string Require(string text, string complaint) =>
        text.AsSpan().ContainsAnyExceptInRange('!', '~') ? throw new InvalidDataException(complaint) : text;
}
