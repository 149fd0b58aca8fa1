using System.Text.Json;
using Ambient.Cli.Sources;

namespace Ambient.Cli.ControlPlanes;

/// <summary>Asks the debug pages of a control plane.</summary>
internal sealed class ControlPlaneClient(HostPort address) : IDisposable
{
    public const int DefaultPort = 8080;

    public const string NextStep =
        "It listens on loopback of the control plane: forward it first (kubectl -n istio-system port-forward deploy/istiod 8080), or name another with --control-plane HOST:PORT.";

    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(20);

    private readonly PageReader _reader = new(timeout: PageTimeout);

    /// <exception cref="CommandException">It cannot be asked, or answers what is no JSON object.</exception>
    public async Task<JsonElement> ReadAsync(string pathAndQuery, CancellationToken cancellation)
    {
        Uri page = address.Page(pathAndQuery);
        byte[] body = await _reader.ReadAsync(page, "a control plane's debug port", NextStep, cancellation);
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw NotOurs(page);
        }
        catch (JsonException)
        {
            throw NotOurs(page);
        }
    }

    public void Dispose() => _reader.Dispose();

    private static CommandException NotOurs(Uri page) =>
        new($"what answers at {page.Authority} is no control plane of this mesh: {page.AbsolutePath} is not a JSON object there", NextStep);
}
