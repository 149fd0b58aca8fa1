namespace Ambient.Cli.Sources;

/// <summary>A ztunnel's <c>/config_dump</c> (node-proxy 9.6).</summary>
/// <param name="address">Of its admin port.</param>
/// <param name="namespacePath">The network namespace it is in; null: ours.</param>
internal sealed class ZtunnelDumpSource(HostPort address, string? namespacePath) : IDumpSource
{
    public string Description => $"the ztunnel at {address}";

    public async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        using PageReader reader = new(namespacePath);
        return await reader.ReadAsync(
            address.Page("/config_dump"),
            "a ztunnel's admin port",
            "It listens on loopback of its node: run there, or forward it first (kubectl -n istio-system port-forward POD 15000); "
                + "or name another with --ztunnel HOST:PORT, --lab NAME --node NODE, or a kept dump with -f FILE.",
            cancellation);
    }
}
