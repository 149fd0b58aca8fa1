using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;

namespace Ambient.Lab.ControlPlanes;

/// <summary>The API server of a lab, as this process reaches it: on loopback of its namespace.</summary>
internal sealed class LabApi : IDisposable
{
    private const int TokenSeconds = 24 * 3600;

    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;

    public LabApi(ControlPlanePlan control)
    {
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellation) => new NetworkStream(
                await NamespaceSocket.ConnectAsync(control.NamespacePath, new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellation), ownsSocket: true),
        };
        _http = new HttpClient(_handler, disposeHandler: false) { BaseAddress = ControlPlanePlan.ApiServer };
        Client = new KubernetesClient(
            new KubernetesConfiguration(ControlPlanePlan.ApiServer), new KubernetesClientOptions { UserAgent = "ambient-lab" }, TimeProvider.System, _handler);
    }

    public KubernetesClient Client { get; }

    /// <summary>A token of a service account for the control plane, valid for a day.</summary>
    /// <exception cref="LabException">It was not given.</exception>
    public async Task<string> IssueTokenAsync(string home, string account, string audience, CancellationToken cancellation)
    {
        string question = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray(audience), ["expirationSeconds"] = TokenSeconds },
        }.ToJsonString();
        using var content = new StringContent(question, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage answer = await _http.PostAsync(new Uri($"/api/v1/namespaces/{home}/serviceaccounts/{account}/token", UriKind.Relative), content, cancellation);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new LabException($"The API server gave no token to {home}/{account}: {(int)answer.StatusCode}.", "Its manifests must have that service account.");
        }

        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("status").GetProperty("token").GetString()!;
    }

    public void Dispose()
    {
        Client.Dispose();
        _http.Dispose();
        _handler.Dispose();
    }
}
