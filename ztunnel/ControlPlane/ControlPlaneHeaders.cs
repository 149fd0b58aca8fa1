using Ambient.Grpc;

namespace Ambient.Ztunnel.ControlPlane;

/// <summary>The metadata of every call: token, cluster id, and what the operator added (node-proxy 3.1).</summary>
/// <param name="token">A file, read again for every call, or the token itself; null is the default file when there is one.</param>
/// <param name="clusterId">Sent with a token only.</param>
/// <param name="extra">XDS_HEADER_* or CA_HEADER_*.</param>
internal sealed class ControlPlaneHeaders(string? token, string clusterId, IReadOnlyDictionary<string, string> extra)
{
    public const string DefaultTokenFile = "./var/run/secrets/tokens/istio-token";

    /// <exception cref="GrpcException">The token's file is empty or cannot be read.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> headers = [];
        if (await ReadTokenAsync(cancellation) is { } bearer)
        {
            headers.Add(new("authorization", $"Bearer {bearer}"));
            headers.Add(new("clusterid", clusterId));
        }

        headers.AddRange(extra);
        return headers;
    }

    private async ValueTask<string?> ReadTokenAsync(CancellationToken cancellation)
    {
        string path = token ?? DefaultTokenFile;
        if (!File.Exists(path))
        {
            return token;
        }

        try
        {
            string text = (await File.ReadAllTextAsync(path, cancellation)).Trim();
            return text.Length > 0 ? text : throw new GrpcException(GrpcStatusCode.Unauthenticated, $"AUTH_TOKEN: {path} is empty");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GrpcException(GrpcStatusCode.Unauthenticated, $"AUTH_TOKEN: {error.Message}", error);
        }
    }
}
