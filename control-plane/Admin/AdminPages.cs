using Ambient.ControlPlane.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Admin;

/// <summary>The one place where pages are registered: path and who answers.</summary>
public static class AdminPages
{
    public const string ReadyPath = "/ready";

    /// <summary>What the port for probes and people answers (8080).</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Http(ControlPlaneState state) => new Dictionary<string, RequestDelegate>(Debug(state).Delegates, StringComparer.Ordinal)
    {
        [ReadyPath] = context => AnswerReadyAsync(context, state),
    };

    /// <summary>What the port for collectors answers (15014).</summary>
    public static IReadOnlyDictionary<string, RequestDelegate> Monitoring(ControlPlaneState state) => new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
    {
        [MetricsPage.Path] = new MetricsPage(state.Metrics).AnswerAsync,
    };

    private static DebugPages Debug(ControlPlaneState state) => new(
        new SynczPage(() => state.Discovery.Proxies, state.ClusterId),
        new ProxiesPage(() => state.Discovery.Proxies, state.Cache),
        new ResourcesPage(state.Cache),
        new FindingsPage(() => state.Findings),
        new LivePage(() => state.Discovery.Connected, new ObjectResources(state.Cache, state.ClusterId, state.ClusterDomain), state.Applied, () => state.Findings));

    private static Task AnswerReadyAsync(HttpContext context, ControlPlaneState state)
    {
        string waitsFor = state.WaitsFor;
        context.Response.StatusCode = waitsFor.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(waitsFor.Length == 0 ? "ready\n" : $"not ready: waits for {waitsFor}\n", context.RequestAborted);
    }
}
